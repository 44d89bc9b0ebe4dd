"""`python -m infra.bucket`: the bucket of `LONGHOP_STORE`, with the keys of its owner in AWS_*."""

import argparse
import os
import sys

from botocore.exceptions import BotoCoreError, ClientError

from infra.bucket.documents import ROLES
from infra.bucket.making import client_of, make_bucket


def main() -> int:
    """Do what the command line says; the exit status is 1 where the server refuses."""
    asked = _parser().parse_args()
    bucket, _, prefix = asked.store.removeprefix("s3://").partition("/")
    principals = {role: getattr(asked, role) for role in ROLES}
    try:
        make_bucket(client_of(asked.endpoint), bucket, prefix, principals, _say)
    except (BotoCoreError, ClientError, ValueError) as error:
        print(f"bucket {bucket}: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.bucket", description=__doc__)
    environment = os.environ
    parser.add_argument(
        "--store",
        default=environment.get("LONGHOP_STORE", "s3://longhop/store"),
        help="s3://bucket/prefix, as in LONGHOP_STORE",
    )
    parser.add_argument(
        "--endpoint",
        default=environment.get("LONGHOP_S3_ENDPOINT"),
        help="the S3 server's address; Amazon's own if not given",
    )
    for role in ROLES:
        parser.add_argument(
            f"--{role}",
            required=True,
            help=f"who the {role} is: an ARN, or what the server calls a user",
        )
    return parser


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
