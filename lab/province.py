"""The province in force: makes a situation true, and goes from one to the next."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from pathlib import Path

from lab import bandwidth, boxes, chatter, network
from lab.configurations import logrotate
from lab.filters import ruleset, server_ruleset
from lab.folders import Folders
from lab.keys import keep_key
from lab.programs import Programs, write_state
from lab.records import fill
from lab.situation import Situation, affected_devices
from lab.system import scratch
from lab.topology import LOG_SERVER, Host


class Province:
    """All hosts of a plan, running, in one situation. Made inside the lab's own namespaces."""

    def __init__(self, folders: Folders, situation: Situation) -> None:
        self.folders = folders
        self.situation = situation
        self.plan = situation.plan
        self._build()
        self._start()

    def become(self, new: Situation) -> None:
        """The new situation is in force when this returns."""
        old, self.situation = self.situation, new
        self._replug(old, new)
        self._change_filters(old, new)
        network.change_routes(old, new)
        network.run_all(bandwidth.commands_for(old, new))
        self._change_devices(old, new)
        self._change_agents(new)
        self._change_records(old, new)
        self.speak()

    def speak(self) -> None:
        """Hosts have greeted their gateways and sent their records, once."""
        chatter.speak(self.boxes, self.situation, datetime.now(UTC))

    def _build(self) -> None:
        scratch(Path("/run"))
        for device in self.plan.devices:
            keep_key(self.folders.host_key(device.id))
        keep_key(self.folders.audit_key)
        network.create_networks(self.plan)
        self.boxes = {host.id: boxes.build(host, self.folders) for host in self.plan.hosts}
        network.lay_cables(self.plan)
        network.plug_in(self.situation)
        network.run_all(bandwidth.commands_for(None, self.situation))
        self.programs = Programs(self.boxes, self.folders)

    def _start(self) -> None:
        live = [h.id for h in self.plan.devices if h.id not in self.situation.powered_off]
        for device_id in live:  # the slowest to come up go first
            write_state(self.folders, self.situation, device_id)
            self.programs.start_device(device_id)
        forwarding = self.situation.forwarding
        rules = [(name, ruleset(self.plan, name, way)) for name, way in forwarding.items()]
        network.load_filters([*rules, (LOG_SERVER, server_ruleset(self.plan))])
        fill(self.folders.logs, self.situation, datetime.now(UTC))
        self._write_logrotate()
        self.programs.start_rsyslogd(LOG_SERVER)
        logins = [host.id for host in self.plan.hosts if host.sshd]
        for host_id in logins:
            self.programs.start_sshd(host_id)
        self._change_agents(self.situation)
        for host_id in logins:
            self.programs.wait_for_port(f"sshd@{host_id}", "tcp", 22)
        self.programs.wait_for_port(f"rsyslogd@{LOG_SERVER}", "tcp", 514)
        for device_id in live:
            self.programs.wait_for_device(device_id)
        self.speak()

    def _replug(self, old: Situation, new: Situation) -> None:
        def cable(situation: Situation, host: Host) -> object:
            if len(host.interfaces) > 1:
                return None
            return situation.place(host.id), host.id in situation.powered_off

        changed = [host for host in self.plan.hosts if cable(old, host) != cable(new, host)]
        if changed:
            network.plug_in(new, changed)
            network.forget_neighbours(changed, old)

    def _change_filters(self, old: Situation, new: Situation) -> None:
        network.load_filters(
            (name, ruleset(self.plan, name, forwarding))
            for name, forwarding in new.forwarding.items()
            if forwarding != old.forwarding[name]
        )

    def _change_devices(self, old: Situation, new: Situation) -> None:
        changed = affected_devices(old, new)
        for device_id in changed:
            if device_id in new.powered_off:
                self.programs.stop(f"device@{device_id}")
                continue
            write_state(self.folders, new, device_id)
            if not self.programs.runs(f"device@{device_id}"):
                self.folders.state(device_id).with_suffix(".json.applied").unlink(missing_ok=True)
                self.programs.start_device(device_id)
        for device_id in changed:
            if device_id not in new.powered_off:
                self.programs.wait_for_device(device_id)

    def _change_agents(self, new: Situation) -> None:
        for host in self.plan.devices:
            name, wanted = f"snmpd@{host.id}", host.id in new.snmp_agents
            if wanted and not self.programs.runs(name):
                self.programs.start_snmpd(host.id)
                self.programs.wait_for_port(name, "udp", 161)
            elif not wanted:
                self.programs.stop(name)

    def _change_records(self, old: Situation, new: Situation) -> None:
        def kept(situation: Situation) -> object:
            return situation.rotation_days, situation.rotations, situation.silent_days

        if kept(old) == kept(new):
            return
        self._write_logrotate()
        fill(self.folders.logs, new, datetime.now(UTC))
        # rsyslogd holds the old files open until it is told
        self.programs.signal(f"rsyslogd@{LOG_SERVER}", signal.SIGHUP)

    def _write_logrotate(self) -> None:
        period = {1: "daily", 7: "weekly"}[self.situation.rotation_days]
        boxes.write_inside(
            self.boxes[LOG_SERVER],
            Path("/etc/logrotate.d/hnth"),
            logrotate(period, self.situation.rotations),
        )
