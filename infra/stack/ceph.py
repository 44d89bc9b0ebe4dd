"""What the three servers of Ceph share: their configuration, and its command line."""

import uuid
from pathlib import Path

from infra.stack.environment import bare
from infra.stack.folder import Folder, write_private
from infra.stack.packages import program
from infra.stack.processes import run

# One of each server and one copy of all data: it lives and dies with this machine. There is no
# manager (ceph-mgr), so nothing may wait for one.
_CONFIGURATION = """\
[global]
fsid = {fsid}
mon initial members = a
mon host = [v2:127.0.0.1:{mon_port}]
ms bind msgr1 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
keyring = {home}/$name.keyring
run dir = {home}
admin socket =
crash dir = {home}
log to file = false
log to stderr = true
err to stderr = true
mon cluster log to file = false
debug mon = 0
debug paxos = 0
debug osd = 0
debug rgw = 0
debug rocksdb = 0
debug bluestore = 0
debug bluefs = 0
debug bdev = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
rgw rados pool pg num min = 4

[mon]
mon data = {home}/mon
mon allow pool size one = true
mon data avail crit = 1
mon data avail warn = 2

[osd]
osd data = {home}/osd
osd memory target = 943718400
bluestore block size = 21474836480

[client.rgw]
rgw data = {home}/rgw
rgw frontends = beast endpoint=127.0.0.1:{gateway_port} tcp_nodelay=1
rgw enable ops log = false
"""


def home(folder: Folder) -> Path:
    """The folder of Ceph's data and keys."""
    return folder.path / "store"


def configuration(folder: Folder) -> Path:
    """The configuration of all of Ceph's programs, written anew."""
    place = home(folder)
    place.mkdir(mode=0o700, exist_ok=True)
    text = _CONFIGURATION.format(
        fsid=fsid(folder),
        home=place,
        mon_port=folder.port("mon"),
        gateway_port=folder.port("gateway"),
    )
    write_private(place / "ceph.conf", text)
    return place / "ceph.conf"


def fsid(folder: Folder) -> str:
    """The identity of the cluster."""
    found: str = folder.kept("fsid", lambda: str(uuid.uuid4()))
    return found


def ceph(folder: Folder, *arguments: str) -> str:
    """What the cluster answers to a command of its administrator."""
    base = [program("ceph"), "--conf", home(folder) / "ceph.conf", "--connect-timeout", "30"]
    return run([*base, *arguments], environment=bare())
