import Templates

/// The seed's vendor-data: a script that cloud-init runs at every boot, see
/// https://docs.cloud-init.io/en/latest/explanation/format.html#cloud-boothook.
///
/// Vendor-data, since user-data is the user's own; a boothook, since the other parts of vendor-data give way to user-data
/// that has the same key. Nothing is put into this text, so nothing has to be quoted: agent and key lie on the seed.
enum AgentBoothook {
  /// cloud-init waits for what holds the script's output open, so what goes on in the background has its own. Later boots
  /// start the agent as soon as there are file systems: cloud-init, which most services wait for, may take a minute.
  static let vendorData = """
    #cloud-boothook
    #!/bin/sh
    # Installs Nestor's agent from the seed, where it is not the one that is there already, and starts it.
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    export PATH
    umask 077

    say() { echo "nestor: $*" >&2; }

    seed=
    for disk in /sys/block/*; do
      if [ -r "$disk/serial" ] && [ "$(cat "$disk/serial")" = \(GuestTemplate.Disk.OwnSerial.seed.rawValue) ]; then seed=/dev/${disk##*/}; fi
    done
    [ -b "$seed" ] || { say "there is no seed disk"; exit 0; }
    folder=/run/nestor-seed
    mkdir -p "$folder"
    mount -t iso9660 -o ro "$seed" "$folder" || { say "cannot mount $seed"; exit 0; }

    changed=
    # put NAME TARGET MODE: copies a file of the seed, whole or not at all.
    put() {
      cmp -s "$folder/$1" "$2" && return 0
      cp "$folder/$1" "$2.new" && chmod "$3" "$2.new" && mv -f "$2.new" "$2" && changed=yes && return 0
      say "cannot write $2"
      return 1
    }
    (umask 022 && mkdir -p /usr/lib/nestor)
    [ -d /etc/nestor ] || mkdir -m 700 /etc/nestor

    # The disk of a copy comes with the key of its source, and with the source's machine ID. What asked for that already
    # asks again at the next boot, but for the network, where a second one of the name may get the first one's address.
    guest() { sed -n '/^guest /{p;q;}' "$1"; }
    if [ -r /etc/nestor/agent.key ] && [ "$(guest /etc/nestor/agent.key)" != "$(guest "$folder/agent.key")" ]; then
      say "this is a copy of another guest; it gets a machine ID of its own"
      (umask 022 && tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id.new && mv -f /etc/machine-id.new /etc/machine-id)
      if [ -f /var/lib/dbus/machine-id ] && [ ! -L /var/lib/dbus/machine-id ]; then
        cp /etc/machine-id /var/lib/dbus/machine-id
      fi
      if [ -d /run/systemd/system ]; then systemctl --no-block try-restart systemd-networkd.service; fi
    fi

    put agent.key /etc/nestor/agent.key 600 && put nestor-agent /usr/lib/nestor/nestor-agent 755
    status=$?
    umount "$folder" && rmdir "$folder"
    [ $status = 0 ] || exit 0

    if [ -d /run/systemd/system ]; then
      unit=/etc/systemd/system/nestor-agent.service
      cat >"$unit.new" <<'UNIT'
    [Unit]
    Description=Nestor's guest agent
    DefaultDependencies=no
    After=local-fs.target
    Conflicts=shutdown.target
    Before=shutdown.target
    StartLimitIntervalSec=0

    [Service]
    ExecStart=/usr/lib/nestor/nestor-agent
    Restart=always
    RestartSec=2

    [Install]
    WantedBy=sysinit.target
    UNIT
      chmod 644 "$unit.new"
      if cmp -s "$unit.new" "$unit"; then
        rm -f "$unit.new"
      else
        mv -f "$unit.new" "$unit"
        changed=yes
        systemctl daemon-reload
        systemctl -q enable nestor-agent.service
      fi
      # This script runs in the middle of the boot: what waited for the end of that would wait for itself.
      if [ -n "$changed" ]; then
        systemctl --no-block restart nestor-agent.service
      else
        systemctl --no-block start nestor-agent.service
      fi
    else
      loop=/run/nestor-agent.pid
      if [ -n "$changed" ] && [ -s "$loop" ]; then kill -TERM "-$(cat "$loop")" 2>/dev/null; rm -f "$loop"; fi
      if ! { [ -s "$loop" ] && kill -0 "$(cat "$loop")" 2>/dev/null; }; then
        setsid sh -c 'echo $$ >/run/nestor-agent.pid; \(AgentHook.loop)' </dev/null >/dev/console 2>&1 &
      fi
    fi

    """
}
