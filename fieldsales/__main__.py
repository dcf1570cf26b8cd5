"""``python3 -m fieldsales``: set the machine up with nothing but the standard library, then hand over."""

import sys


def main() -> int:
    """Run the command given on the command line and return the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older Python finds out
        print("fieldsales: Python >= 3.11 / 需要 Python 3.11 或更新", file=sys.stderr)
        return 1
    from fieldsales.machine import start  # after the check: an older Python could not even read it

    arguments = sys.argv[1:]
    try:
        stopped = start.prepare(arguments)
        if stopped is not None:
            return stopped
        if arguments[:1] == ["test"]:
            from fieldsales.machine import checks  # only for tests

            return checks.run(arguments[1:])
        from fieldsales import cli  # needs what was installed just now

        return cli.main(arguments)
    except KeyboardInterrupt:
        print("\n已中断，再运行一次即可继续。/ Interrupted; run it again to go on.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
