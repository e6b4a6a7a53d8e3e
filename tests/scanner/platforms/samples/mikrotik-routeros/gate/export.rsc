# 2025-08-04 08:12:40 by RouterOS 7.15.3
# software id = ABCD-1234
#
# model = RB4011iGS+
# serial number = D4440D000001
/interface bridge
add name=bridge-office vlan-filtering=yes
/interface vlan
add interface=bridge-office name=vlan-conf vlan-id=120
add interface=bridge-office name=vlan-office vlan-id=10
/interface list
add name=WAN
add name=INSIDE
/ip vrf
add interfaces=vlan-conf name=conference
/queue tree
add max-limit=20M name=uplink parent=ether1
add limit-at=4M max-limit=20M name=conference packet-mark=conference parent=uplink
/snmp community
set [ find default=yes ] addresses=10.20.9.0/24 disabled=yes
/system logging action
add name=central remote=10.20.9.5 remote-port=514 target=remote
/user group
set full policy=local,telnet,ssh,ftp,reboot,read,write,policy,test,winbox,web
/interface bridge port
add bridge=bridge-office interface=ether2
add bridge=bridge-office interface=ether3
/interface list member
add interface=ether1 list=WAN
add interface=vlan-conf list=INSIDE
add interface=vlan-office list=INSIDE
/ip address
add address=203.0.113.18/29 interface=ether1 network=203.0.113.16
add address=10.20.120.1/24 interface=vlan-conf network=10.20.120.0
add address=10.20.10.1/24 interface=vlan-office network=10.20.10.0
/ip firewall address-list
add address=10.20.9.0/24 comment="management network" list=management
add address=10.30.120.10 list=mcu
add address=10.30.120.11 list=mcu
/ip firewall filter
add action=fasttrack-connection chain=forward connection-state=\
    established,related hw-offload=yes
add action=accept chain=forward connection-state=established,related
add action=drop chain=forward connection-state=invalid
add action=jump chain=forward comment="conferencing has its own chain" \
    jump-target=conference out-interface=vlan-conf
add action=accept chain=forward dst-address-list=mcu in-interface=vlan-conf
add action=drop chain=forward comment="nothing else" log=yes
add action=accept chain=conference dst-port=5061 protocol=tcp \
    src-address-list=mcu
add action=accept chain=conference icmp-options=8:0 protocol=icmp
add action=accept chain=input connection-state=established,related
add action=accept chain=input src-address-list=management
add action=drop chain=input in-interface-list=WAN
/ip firewall mangle
add action=mark-packet chain=forward in-interface=vlan-conf \
    new-packet-mark=conference passthrough=no
/ip firewall nat
add action=masquerade chain=srcnat out-interface-list=WAN
/ip route
add disabled=no distance=1 dst-address=0.0.0.0/0 gateway=203.0.113.17
add dst-address=10.30.0.0/16 gateway=10.20.120.254 routing-table=conference
/ip service
set telnet disabled=yes
set ftp disabled=yes
set www disabled=yes
set ssh address=10.20.9.0/24 disabled=no
set api disabled=yes
set winbox address=10.20.9.0/24 disabled=no
set api-ssl disabled=yes
/ipv6 firewall filter
add action=drop chain=forward
/snmp
set enabled=no
/system clock
set time-zone-name=Asia/Ho_Chi_Minh
/system identity
set name=gate
/system logging
add action=central topics=info
/system ntp client
set enabled=yes
/system ntp client servers
add address=10.20.9.4
/tool mac-server
set allowed-interface-list=none
/user settings
set minimum-password-length=10
