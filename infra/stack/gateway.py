"""Ceph's S3 gateway, with one user and one bucket."""

import json
from typing import Any

from infra.stack.ceph import ceph, configuration, home
from infra.stack.direct import status_of
from infra.stack.environment import BUCKET, bare
from infra.stack.errors import StackError
from infra.stack.packages import program
from infra.stack.part import Part
from infra.stack.processes import run

_NAME = "client.rgw"


class Gateway(Part):
    """The S3 server."""

    name = "gateway"
    address_form = "http://127.0.0.1:{port}"

    def start(self) -> None:
        """Have it answer, with a user of ours whose bucket is there."""
        conf = configuration(self.folder)
        keys = home(self.folder) / f"{_NAME}.keyring"
        if not keys.exists():
            rights = ("mon", "allow rw", "osd", "allow rwx")
            ceph(self.folder, "auth", "get-or-create", _NAME, *rights, "-o", str(keys))
        command = [program("radosgw"), "-f", "--conf", conf, "--name", _NAME]
        self.process.start(command, bare(), port=self.port)
        self.process.wait_until(lambda: status_of(self.address) is not None)
        if self.folder.known("s3_keys") is None:
            self.folder.keep("s3_keys", self.keys_of("longhop"))
        self._make_bucket()

    def keys_of(self, user: str) -> dict[str, str]:
        """The keys of a user, made if there is none of this name.

        They are the gateway's choice, and so on no command line.
        """
        try:
            said = self._administer("user", "info", "--uid", user)
        except StackError:
            said = self._administer("user", "create", "--display-name", user, "--uid", user)
        key: dict[str, str] = json.loads(said)["keys"][0]
        return {"access_key": key["access_key"], "secret_key": key["secret_key"]}

    def _administer(self, *arguments: str) -> str:
        base = [program("radosgw-admin"), "--conf", home(self.folder) / "ceph.conf"]
        return run([*base, *arguments], environment=bare())

    def _make_bucket(self) -> None:
        from botocore.config import Config  # some 0.3 s of imports
        from botocore.session import get_session

        keys = self.folder.known("s3_keys")
        client: Any = get_session().create_client(
            "s3",
            region_name="us-east-1",
            endpoint_url=self.address,
            aws_access_key_id=keys["access_key"],
            aws_secret_access_key=keys["secret_key"],
            config=Config(proxies={}),
        )
        client.create_bucket(Bucket=BUCKET)  # which changes nothing where it is ours already
