#!/usr/bin/env bash
# Measures Latent beside its peers: bench/run.sh memory|executor|websocket|compile|frames [options]; see bench/README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What is measured. Each may be replaced from the environment; all run in the repository's root.
export JAVA="${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}"
# The same for every JVM whose memory is read; JAVA_TOOL_OPTIONS reaches all JVMs in all comparisons.
MEMORY_JAVA_OPTIONS="${MEMORY_JAVA_OPTIONS:--XX:+UseSerialGC -Xmn16m -XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10}"
WEBSOCKET_JAVA_OPTIONS="${WEBSOCKET_JAVA_OPTIONS:--XX:+UseSerialGC -Xmn16m}"

latent_bench="-cp cli/target/latent-cli/* dev.latent.examples.bench.ExecutorBench"
export LATENT_EXECUTOR="${LATENT_EXECUTOR:-$JAVA $latent_bench}"
export LATENT_MEMORY="${LATENT_MEMORY:-$JAVA $MEMORY_JAVA_OPTIONS $latent_bench}"
# Compiled beforehand: a process that has run javac has heap to spare, in which connections would hide.
latent_echo="$JAVA $WEBSOCKET_JAVA_OPTIONS -cp bench/target/echo:cli/target/latent-cli/* WebSocketEcho --port {port}"
export LATENT_WEBSOCKET="${LATENT_WEBSOCKET:-$latent_echo}"
export LATENT_WEBSOCKET_PATH="${LATENT_WEBSOCKET_PATH:-/}"

peers=bench/peers
export TOKIO="${TOKIO:-$peers/tokio/target/release/latent-peer-tokio}"

kotlinx_bench="-cp $peers/kotlinx/target/latent-peer-kotlinx.jar:$peers/kotlinx/target/lib/* dev.latent.peers.KotlinxBenchKt"
export KOTLINX_EXECUTOR="${KOTLINX_EXECUTOR:-$JAVA $kotlinx_bench}"
export KOTLINX_MEMORY="${KOTLINX_MEMORY:-$JAVA $MEMORY_JAVA_OPTIONS $kotlinx_bench}"

export FASTWEBSOCKETS="${FASTWEBSOCKETS:-$peers/fastwebsockets/target/release/latent-peer-fastwebsockets --port {port\}}"
netty="$JAVA $WEBSOCKET_JAVA_OPTIONS --enable-native-access=ALL-UNNAMED -cp $peers/netty/target/latent-peer-netty.jar:$peers/netty/target/lib/* dev.latent.peers.NettyEcho --port {port}"
export NETTY_EPOLL="${NETTY_EPOLL:-$netty --transport epoll}"
export NETTY_NIO="${NETTY_NIO:-$netty --transport nio}"
export LOAD="${LOAD:-$peers/load/target/release/latent-load}"

if [[ "${1:-}" == compile || "${1:-}" == frames ]]; then
    exec python3 "bench/$1.py" "${@:2}"
fi

if [[ "${1:-}" == websocket && "$LATENT_WEBSOCKET" == "$latent_echo" && "$*" != *--peers-only* ]]; then
    mkdir -p bench/target/echo
    "$(dirname "$(command -v "$JAVA")")/javac" -proc:full -d bench/target/echo -cp 'cli/target/latent-cli/*' \
        -processorpath "$(echo cli/target/latent-cli/latent-compiler-*.jar)" examples/WebSocketEcho.java
fi

exec python3 bench/compare.py "$@"
