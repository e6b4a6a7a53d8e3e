"""Invented configurations for the gate: a codec in order, a firewall, their inventory."""

from __future__ import annotations

CODEC = """\
*c xConfiguration Conference AutoAnswer Mode: Off
*c xConfiguration Conference Encryption Mode: On
*c xConfiguration Conference FarEndControl Mode: Off
*c xConfiguration Logging External Mode: On
*c xConfiguration Logging External Protocol: SyslogTLS
*c xConfiguration Logging External Server Address: "10.67.30.10"
*c xConfiguration Logging External Server Port: 6514
*c xConfiguration NetworkServices H323 Mode: Off
*c xConfiguration NetworkServices HTTP Mode: HTTPS
*c xConfiguration NetworkServices NTP Mode: Manual
*c xConfiguration NetworkServices NTP Server 1 Address: "10.67.30.11"
*c xConfiguration NetworkServices SIP Mode: On
*c xConfiguration NetworkServices SNMP Mode: Off
*c xConfiguration NetworkServices SSH Mode: On
*c xConfiguration NetworkServices Telnet Mode: Off
*c xConfiguration NetworkServices UPnP Mode: Off
*c xConfiguration SIP Authentication Password: "Planted-Secret-7"
*c xConfiguration SIP DefaultTransport: TLS
*c xConfiguration Security Session InactivityTimeout: 10
*c xConfiguration Security Session MaxFailedLogins: 5
*c xConfiguration SystemUnit Name: "Phong hop 1"
** end
"""
TELNET_ON = CODEC.replace("Telnet Mode: Off", "Telnet Mode: On")
TELNET_LINE = 15
WITHOUT_TELNET = CODEC.replace("*c xConfiguration NetworkServices Telnet Mode: Off\n", "")

FIREWALL = """\
#config-version=FG100F-7.2.8-FW-build1639-240313:opmode=0:vdom=0:user=auditor
config system global
    set hostname "fw"
end
config system interface
    edit "hnth"
        set vdom "root"
        set ip 10.67.10.1 255.255.255.0
    next
    edit "office"
        set vdom "root"
        set ip 10.67.40.1 255.255.255.0
    next
    edit "wan1"
        set vdom "root"
        set ip 203.0.113.2 255.255.255.248
    next
end
config firewall address
    edit "codec"
        set subnet 10.67.10.20 255.255.255.255
    next
    edit "office-pc"
        set subnet 10.67.40.5 255.255.255.255
    next
end
config firewall service custom
    edit "sips"
        set tcp-portrange 5061
    next
end
config firewall policy
    edit 1
        set srcintf "office"
        set dstintf "hnth"
        set srcaddr "office-pc"
        set dstaddr "codec"
        set action accept
        set schedule "always"
        set service "sips"
    next
end
config router static
    edit 1
        set gateway 203.0.113.1
        set device "wan1"
    next
end
"""
OPENED = FIREWALL.replace(
    'set srcintf "office"\n        set dstintf "hnth"\n        set srcaddr "office-pc"',
    'set srcintf "wan1"\n        set dstintf "hnth"\n        set srcaddr "all"',
).replace('set service "sips"', 'set service "ALL"')

INVENTORY = """\
organisation: {name: Đơn vị thử nghiệm, province: Tỉnh thử nghiệm}
sites:
  - id: tinh
    name: Điểm cầu tỉnh
    level: province
    tslcd_available: false
    other_link_reason: chưa kéo cáp
zones:
  - {id: hnth, kind: hnth, site: tinh, prefixes: [10.67.10.0/24], gateway: fw, interface: hnth}
  - {id: office, kind: office, prefixes: [10.67.40.0/24], gateway: fw, interface: office}
  - {id: internet, kind: outside, prefixes: [0.0.0.0/0], gateway: fw, interface: wan1}
devices:
  - {id: fw, kind: firewall, site: tinh, address: 10.67.10.1, platform: fortios}
  - {id: mcu, kind: mcu, site: tinh, address: 10.67.10.10}
  - {id: codec, kind: vcs, site: tinh, address: 10.67.10.20}
allowlist:
  approved: {number: 12/QĐ-TEST, issued: 2026-10-01, signer: Giám đốc}
  services:
    - {id: sips, sources: [10.67.40.5/32], destinations: [codec], protocol: tcp, ports: ["5061"]}
"""
