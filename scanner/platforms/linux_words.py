"""Words by which the configuration files of a Linux host are told apart."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SSHD = _words(
    "acceptenv addressfamily allowagentforwarding allowgroups allowstreamlocalforwarding "
    "allowtcpforwarding allowusers authenticationmethods authorizedkeyscommand "
    "authorizedkeyscommanduser authorizedkeysfile authorizedprincipalsfile banner "
    "casignaturealgorithms challengeresponseauthentication channeltimeout chrootdirectory ciphers "
    "clientalivecountmax clientaliveinterval compression denygroups denyusers disableforwarding "
    "exposeauthinfo fingerprinthash forcecommand gatewayports gssapiauthentication "
    "gssapicleanupcredentials gssapikeyexchange gssapistrictacceptorcheck "
    "gssapistorecredentialsonrekey hostbasedacceptedalgorithms hostbasedauthentication "
    "hostcertificate hostkey hostkeyagent hostkeyalgorithms ignorerhosts ignoreuserknownhosts "
    "include ipqos kbdinteractiveauthentication kerberosauthentication kerberosgetafstoken "
    "kerberosorlocalpasswd kerberosticketcleanup kexalgorithms listenaddress logingracetime "
    "loglevel logverbose macs match maxauthtries maxsessions maxstartups modulifile "
    "passwordauthentication permitemptypasswords permitlisten permitopen permitrootlogin permittty "
    "permittunnel permituserenvironment permituserrc persourcemaxstartups persourcenetblocksize "
    "persourcepenalties pidfile port printlastlog printmotd protocol pubkeyacceptedalgorithms "
    "pubkeyacceptedkeytypes pubkeyauthentication rekeylimit requiredrsasize revokedkeys "
    "rhostsrsaauthentication rsaauthentication securitykeyprovider serverkeybits setenv "
    "keyregenerationinterval streamlocalbindmask streamlocalbindunlink strictmodes subsystem "
    "syslogfacility tcpkeepalive trustedusercakeys unusedconnectiontimeout usedns uselogin usepam "
    "useprivilegeseparation versionaddendum x11displayoffset x11forwarding x11uselocalhost "
    "xauthlocation"
)
SSHD_ONLY = _words(
    "acceptenv allowgroups allowusers authorizedkeysfile clientaliveinterval denygroups denyusers "
    "kbdinteractiveauthentication logingracetime maxauthtries maxsessions maxstartups "
    "permitemptypasswords permitrootlogin printlastlog printmotd strictmodes subsystem usedns "
    "usepam x11forwarding x11displayoffset"
)
"""Words that the configuration of the client does not have."""
PWQUALITY = _words(
    "difok minlen dcredit ucredit lcredit ocredit minclass maxrepeat maxclassrepeat maxsequence "
    "gecoscheck dictcheck usercheck usersubstr enforcing badwords dictpath retry enforce_for_root "
    "local_users_only"
)
FAILLOCK = _words(
    "dir audit silent no_log_info local_users_only nodelay deny fail_interval unlock_time "
    "even_deny_root root_unlock_time admin_group"
)
PWHISTORY = _words("debug enforce_for_root remember retry file")
LOGIN_DEFS = _words(
    "MAIL_DIR PASS_MAX_DAYS PASS_MIN_DAYS PASS_MIN_LEN PASS_WARN_AGE UID_MIN UID_MAX GID_MIN "
    "GID_MAX ENCRYPT_METHOD LOGIN_RETRIES LOGIN_TIMEOUT UMASK USERGROUPS_ENAB CREATE_HOME"
)
SNMPD = _words(
    "agentaddress rocommunity rwcommunity rocommunity6 rwcommunity6 com2sec com2sec6 group view "
    "access rouser rwuser createuser syslocation syscontact sysservices sysname sysdescr "
    "includedir mastersupport master agentxsocket trapsink trap2sink informsink trapcommunity "
    "disk load proc extend pass authtrapenable defaultmonitors linkupdownnotifications "
    "iquerysecname dontlogtcpwrappersconnects includefile usmuser sysobjectid"
)
SNMPD_ACCESS = _words(
    "rocommunity rwcommunity rocommunity6 rwcommunity6 com2sec com2sec6 group rouser rwuser "
    "createuser includedir includefile"
)
"""Those that let somebody in, or may."""
SNMPD_ONLY = _words(
    "agentaddress rocommunity rwcommunity com2sec rouser rwuser createuser agentxsocket"
)
NTP = _words(
    "server pool peer driftfile makestep rtcsync keyfile logdir leapsectz ntsdumpdir confdir "
    "sourcedir maxupdateskew hwtimestamp allow local restrict statsdir statistics filegen "
    "leapfile interface includefile keys disable enable tinker tos log bindcmdaddress cmdallow "
    "logchange minsources stratumweight ntpsigndsocket fudge broadcast"
)
LOGROTATE = _words(
    "hourly daily weekly monthly yearly rotate compress delaycompress nocompress missingok "
    "notifempty ifempty create copytruncate dateext size maxsize minsize maxage su sharedscripts "
    "postrotate prerotate endscript include tabooext olddir start nomissingok"
)
