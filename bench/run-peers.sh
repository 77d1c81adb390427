#!/usr/bin/env bash
# Measures the peers alone: bench/run-peers.sh memory|executor|websocket [options].
exec "$(dirname "${BASH_SOURCE[0]}")/run.sh" "$@" --peers-only
