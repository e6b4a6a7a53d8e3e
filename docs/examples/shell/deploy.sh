#!/bin/sh
# Hands the folder of configurations on when the gate is green, and only then.
#   deploy.sh FOLDER COMMAND...     for instance: deploy.sh configs rsync -a configs/ noc:/srv/configs/
set -u

folder=$1
shift

hnth gate --format text --format json=findings.json --force "$folder"
status=$?

case $status in
0) exec "$@" ;;
1) echo "Not handed on: the findings above have to be put right first." >&2 ;;
3) echo "Not handed on: something could not be determined; the last line above says what." >&2 ;;
*) echo "Not handed on: the gate could not do its work ($status)." >&2 ;;
esac
exit "$status"
