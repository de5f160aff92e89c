# Shared by the commands of this folder, which source it: where Solstice and Java are, and how a process is started,
# kept and stopped. Not a command of its own.
# shellcheck shell=bash

root="$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
# A distribution has lib/ beside bin/; a checkout has one in its build folder.
home="$root"
[[ -d "$root/lib" ]] || home="$root/e2e/target/solstice"
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"

fail() {
  echo "${0##*/}: $1" >&2
  exit "${2:-1}"
}

[[ -f "$home/conf/jvm.options" ]] || fail "not built yet; run bin/quickstart, or: mvn -DskipTests package"
command -v "$java" >/dev/null || fail "no Java found; install a JDK 17 or newer, or set JAVA_HOME"
export SOLSTICE_HOME="$home"

# build_command <archive> <main class> <JVM option>... : sets the array 'command', to which arguments are added.
# An archive of loaded classes halves the start. SOLSTICE_ARCHIVE=create makes one when the process ends; a Java that
# it does not fit ignores it.
build_command() {
  local archive="$1" main="$2" sharing=()
  shift 2
  if [[ "${SOLSTICE_ARCHIVE:-}" == create ]]; then
    sharing=("-XX:ArchiveClassesAtExit=$archive")
  elif [[ -f "$archive" ]]; then
    sharing=("-XX:SharedArchiveFile=$archive")
  fi
  # Unquoted on purpose: several options may stand in SOLSTICE_JAVA_OPTS.
  # shellcheck disable=SC2206
  command=("$java" "@$home/conf/jvm.options" "$@" ${sharing[@]+"${sharing[@]}"} ${SOLSTICE_JAVA_OPTS:-}
    -cp "$home/lib/*${SOLSTICE_CLASSPATH:+:$SOLSTICE_CLASSPATH}" "$main")
}

# start_component <master|worker> <main class> <argument>...
start_component() {
  local component="$1" main="$2" background=false argument arguments=()
  shift 2
  for argument in "$@"; do
    if [[ "$argument" == --daemon ]]; then background=true; else arguments+=("$argument"); fi
  done
  build_command "$home/lib/$component.jsa" "$main" "@$home/conf/jvm-$component.options"
  command+=(${arguments[@]+"${arguments[@]}"})
  $background || exec "${command[@]}"
  start_in_background "$component" "$main"
}

start_in_background() {
  local component="$1" main="$2" slot log ready before pid code tenths=0
  find_folders
  mkdir -p "$pids" "$logs" 2>/dev/null && [[ -w "$pids" && -w "$logs" ]] ||
    fail "cannot write to $pids or $logs; set SOLSTICE_PID_DIR and SOLSTICE_LOG_DIR to folders that you own"
  claim_slot "$component" "$main"
  log="$logs/$slot.log" ready="$pids/$slot.ready"
  rm -f "$ready"
  touch "$log"
  before="$(wc -c <"$log")"
  (
    # The terminal may be closed, and Ctrl-C in it means other processes.
    trap '' HUP INT
    SOLSTICE_READY_FILE="$ready" exec "${command[@]}"
  ) </dev/null >>"$log" 2>&1 &
  pid=$!
  echo "$pid" >"$pids/$slot.pid"
  until [[ -f "$ready" ]]; do
    if ! is_running "$pid" "$main" && ! kill -0 "$pid" 2>/dev/null; then
      code=0
      wait "$pid" || code=$?
      rm -f "$pids/$slot.pid" "$ready"
      tail -c +$((before + 1)) "$log" | tail -n 30 >&2
      fail "the $component ended while it was starting; its log is $log" "$((code == 0 ? 1 : code))"
    fi
    if ((++tenths > ${SOLSTICE_START_TIMEOUT:-60} * 10)); then
      kill -KILL "$pid" 2>/dev/null
      rm -f "$pids/$slot.pid"
      fail "the $component was not up after ${SOLSTICE_START_TIMEOUT:-60} s and has been ended; its log is $log"
    fi
    sleep 0.1
  done
  echo "$component '$(sed -n 1p "$ready")' listens on $(sed -n 2p "$ready") (process $pid, log $log)"
  archive_in_background "$component" "$main"
}

find_folders() {
  pids="${SOLSTICE_PID_DIR:-$home/run}"
  logs="${SOLSTICE_LOG_DIR:-$home/logs}"
}

# Sets 'slot': the one name of the master, the first free one of a worker. Its pid file is ours from now on.
claim_slot() {
  local component="$1" main="$2" number=1
  slot=master
  [[ "$component" == master ]] || slot=worker-1
  until claim "$pids/$slot.pid" "$main"; do
    [[ "$component" != master ]] ||
      fail "a master of this installation is running (process $(<"$pids/$slot.pid")); bin/stop-master ends it"
    slot="worker-$((++number))"
  done
}

claim() {
  if (set -o noclobber && echo $$ >"$1") 2>/dev/null; then
    return 0
  fi
  ! is_running "$(<"$1")" "$2" || return 1
  rm -f "$1"
  (set -o noclobber && echo $$ >"$1") 2>/dev/null
}

# Whether the process of that number is one of ours: that class, or the command that is about to start it.
is_running() {
  local line
  if [[ -d /proc/self ]]; then
    line="$({ tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null)" || return 1
  else
    line="$(ps -o args= -p "$1" 2>/dev/null)" || return 1
  fi
  [[ "$line" == *"$2"* || "$line" == *"/start-"* ]]
}

# Makes the archive of a component's classes once, by a process that starts, calls itself and ends.
archive_in_background() {
  local component="$1" main="$2" archive="$home/lib/$1.jsa" draft="$home/lib/$1.jsa.draft" data variable
  [[ ! -e "$archive" && -w "$home/lib" && "${SOLSTICE_ARCHIVE:-}" != off ]] || return 0
  # Several starts at a time make it once.
  claim "$archive.pid" "$main" || return 0
  (
    trap '' HUP INT
    # Of this machine alone, whatever is configured.
    for variable in $(compgen -v SOLSTICE_MASTER_) $(compgen -v SOLSTICE_WORKER_); do unset "$variable"; done
    export SOLSTICE_ARCHIVE=create
    data="$(mktemp -d)"
    build_command "$draft" "$main" "@$home/conf/jvm-$component.options"
    command+=(--config /dev/null --port 0 --data-dir "$data")
    [[ "$component" == master ]] || command+=(--worker-id archive --master 127.0.0.1:9)
    nice -n 15 "${command[@]}" && mv "$draft" "$archive"
    rm -rf "$data" "$draft" "$archive.pid"
  ) </dev/null >/dev/null 2>&1 &
  echo $! >"$archive.pid"
}

# stop_component <master|worker> <main class> <name>... : all of them if no name is given.
stop_component() {
  local component="$1" main="$2" file slot pid name stopping=() known=()
  shift 2
  find_folders
  for file in "$pids/$component.pid" "$pids/$component"-*.pid; do
    [[ -f "$file" ]] || continue
    slot="$(basename "$file" .pid)" pid="$(<"$file")"
    if ! is_running "$pid" "$main"; then
      rm -f "$file" "$pids/$slot.ready"
      continue
    fi
    name="$(sed -n 1p "$pids/$slot.ready" 2>/dev/null || true)"
    known+=("${name:-$slot}")
    if [[ $# -eq 0 || " $* " == *" $slot "* || " $* " == *" $name "* ]]; then
      kill -TERM "$pid" 2>/dev/null || true
      stopping+=("$slot $pid ${name:-$slot}")
    fi
  done
  if [[ ${#stopping[@]} -eq 0 ]]; then
    [[ $# -eq 0 ]] || fail "no $component of that name runs here; running: ${known[*]:-none}"
    echo "no $component of this installation is running"
    return 0
  fi
  for file in "${stopping[@]}"; do
    # shellcheck disable=SC2086
    await_end "$component" "$main" $file
  done
}

await_end() {
  local component="$1" main="$2" slot="$3" pid="$4" name="$5" tenths=0 how=stopped
  while is_running "$pid" "$main"; do
    if ((++tenths > ${SOLSTICE_STOP_TIMEOUT:-15} * 10)); then
      kill -KILL "$pid" 2>/dev/null || true
      how="did not stop in ${SOLSTICE_STOP_TIMEOUT:-15} s and was killed"
      tenths=0
    fi
    sleep 0.1
  done
  rm -f "$pids/$slot.pid" "$pids/$slot.ready"
  echo "$component '$name' $how (process $pid)"
}
