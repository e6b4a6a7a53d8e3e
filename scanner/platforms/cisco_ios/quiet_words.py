"""Words of commands that say nothing about facts that are told here."""

from __future__ import annotations

from typing import Final

_COMMANDS = """
aaa alias aqm-register-fnf archive arp ats-crypto auto banner bfd boot boot-end-marker
boot-start-marker bridge-domain buffers call call-home cdp cef certificate cisp clns clock cns
config-register configuration control-plane controller cpd cpu cry crypto ctl-file
default-router destination diagnostic dial-peer dialer dialer-list dns domain dot11 dot1x
downward-compatible-config dss eap enable end endpoint energywise epm errdisable ethernet
event exception exit exit-address-family exit-peer-policy fabric facility-alarm fax file flow
gateway global-address-family h323 hostname hw-module hw-switch identity interworking isdn key
l2 l2vpn lacp lacp-system ldap license line lldp login loopdetect mac mac-address-table macro
macsec memory memory-size mgcp microcode mka mls mmi mmi-pvc mobility module monitor mpls mta
multilink name nat64 netconf netconf-yang network-clock network-clock-participate
network-policy onep parser password path-echo pki platform pnp port-channel ppp privilege
process process-max-time profile prompt pseudowire-class qos radius radius-server rcp record
redundancy regexp remote-management require rmon route-map router rtr sampler scada sccp
scheduler sdm service service-instance service-template session shell sip-ua snmp software
source spanning-tree spd ssh stack-mac stack-power stackwise standby subscriber survivability
switch system table-map tacacs tacacs-server telephony-service terminal tftp time-range tm
track transceiver tunnel udld upgrade username version vlan voice voice-card vpdn vpdn-group
vstack vtp vtp-file wireless wism wlan wsma xsl yang
"""

_IP_COMMANDS = """
address alias arp as-path audit authentication authentication-proxy bandwidth-percent bgp
bgp-community bootp cef classless community-list ddns default-gateway default-network device
dhcp dhcp-client directed-broadcast dns domain domain-list domain-lookup domain-name eigrp
explicit-path extcommunity-list finger flow flow-aggregation flow-cache flow-capture
flow-export flow-top-talkers flowspec forward-protocol ftp gratuitous-arps hello-interval
helper-address hold-time host host-routing icmp identd igmp igmp-snooping irdp load-sharing
local mfib mobile mrm mroute mroute-cache msdp mtu multicast multicast-routing name-server nat
nbar nd nhrp ospf pim port-map prefix-list proxy-arp radius rcmd redirects reflexive-list rip
route-cache routing rsvp rtp sap scp sctp sdwan security-group sla source-route spd
split-horizon ssh subnet-zero summary-address tacacs tcp telnet tftp tos track traffic-export
traffic-index unicast unnumbered unreachables urd virtual-reassembly virtual-reassembly-out
vrf wccp
"""

_INTERFACE_COMMANDS = """
access-session arp async atm authentication auto auto-ip auto-mdix autonomic autostate backup
bfd bgp-policy bridge-domain bridge-group bundle-enable cable cablelength carrier-delay cdp
cfm channel-group channel-protocol clns clock cns compress congestion-control crc cts-manual
custom-queue-list default-delay delay description dialer dialer-group dot1x down dsl duplex
eigrp encapsulation energywise ethernet exit fair-queue fallback fdx flow-sampler flowcontrol
frame-relay framing full-duplex glbp group-range h323-gateway half-duplex hold-queue hub-flood
ima-group ip-address iphc ipx isdn isis keepalive l2protocol-tunnel lacp lapb linecode llc2
lldp load-interval logging loopback lre mab mac-address macro macsec max-reserved-bandwidth
mdix media-type medium member-interface mka mls mls-qos modem monitoring mop mpls mtu
negotiation network-policy nmsp no-flow nsf ntp oam ospfv3 pause peer physical-layer platform
plim pos power ppp pppoe pppoe-client priority-queue psecure pvc qos-group queue-list
queue-set random-detect rcv-queue remote rep rewrite rmon rxspeed scrambling serial service
service-module shutdown snmp source spanning-tree speed speed-duplex squelch srr-queue standby
storm-control sub switchport synchronous tag-switching timeout transmit-interface trust tunnel
tx-ring-limit txspeed udld vlan-id vlan-range voice vrrp vtp wrr-queue xconnect xdr
"""

COMMANDS: Final = frozenset(_COMMANDS.split())
"""First words at the left margin."""
IP_COMMANDS: Final = frozenset(_IP_COMMANDS.split())
"""Second words after `ip` and `ipv6`, at the left margin and below interfaces."""
INTERFACE_COMMANDS: Final = frozenset(_INTERFACE_COMMANDS.split())
"""First words below interfaces."""
