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
# An archive of loaded classes halves the start. SOLSTICE_ARCHIVE=create makes one when the process ends; one that does
# not fit the jars or the Java is ignored.
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

# Of a command that wants to be there at once, rather than fast later.
quick=(-XX:TieredStopAtLevel=1 -Dio.netty.allocator.type=unpooled -Dio.netty.transport.noNative=true)

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
  local component="$1" main="$2" slot log ready before pid code standing tenths=0
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
  standing="$(sed -n 3p "$ready")"
  echo "$component '$(sed -n 1p "$ready")' listens on $(sed -n 2p "$ready")${standing:+; $standing} (process $pid, log $log)"
  archive_in_background
}

find_folders() {
  pids="${SOLSTICE_PID_DIR:-$home/run}"
  logs="${SOLSTICE_LOG_DIR:-$home/logs}"
}

# Sets 'slot': the first free name, master or worker-1 to begin with. Its pid file is ours from now on.
claim_slot() {
  local component="$1" main="$2" number=1
  slot=master
  [[ "$component" == master ]] || slot=worker-1
  until claim "$pids/$slot.pid" "$main"; do
    slot="$component-$((++number))"
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

# Makes the archives beside if there are none yet, or if they do not fit, because of other jars or another Java.
archive_in_background() {
  [[ -w "$home/lib" && "${SOLSTICE_ARCHIVE:-}" != off ]] || return 0
  # Several starts at a time make them once.
  claim "$home/lib/archives.jsa.pid" /solstice || return 0
  (
    set -e
    trap '' HUP INT
    trap 'rm -f "$home/lib/archives.jsa.pid"' EXIT
    renice -n 15 -p "$(exec sh -c 'echo "$PPID"')" || true
    if ! fits master || ! fits worker || ! fits command; then
      make_archives "$(ls "$home/lib/classes.jsa" || true)"
    fi
  ) </dev/null >/dev/null 2>&1 &
  echo $! >"$home/lib/archives.jsa.pid"
}

# fits <archive> : whether the JVM takes it, which only the JVM can tell.
fits() {
  [[ -f "$home/lib/$1.jsa" ]] || return 1
  build_command "$home/lib/$1.jsa" -version -Xshare:on
  "${command[@]}"
}

# make_archives [<something>] : of master, worker and command anew, by a cluster of their own, of this machine alone, that
# runs a small job and ends; with <something> also that of jobs that run in the command's own process. In a subshell,
# which ends what it started.
make_archives() (
  set -e
  # Whatever is configured is meant for other processes.
  for variable in $(compgen -v SOLSTICE_MASTER) $(compgen -v SOLSTICE_WORKER_) SOLSTICE_TOKEN SOLSTICE_TLS_CA; do
    unset "$variable"
  done
  scratch="$(mktemp -d)" processes=()
  trap 'kill ${processes[@]+"${processes[@]}"} 2>/dev/null || true; wait; rm -rf "$scratch" "$home"/lib/*.jsa.draft' EXIT

  scratch_process create master io.solstice.master.process.MasterMain master
  address="$(sed -n 2p "$scratch/master.ready")"
  # Two workers, so that batches travel between processes; the archive is made by one.
  resources=(--master "$address" --cpus 8 --memory 1GiB --gpus 0)
  scratch_process off worker io.solstice.worker.WorkerMain peer "${resources[@]}" --worker-id peer
  scratch_process create worker io.solstice.worker.WorkerMain worker "${resources[@]}" --worker-id worker
  SOLSTICE_ARCHIVE=create
  build_command "$home/lib/command.jsa.draft" io.solstice.cli.Main "${quick[@]}"
  "${command[@]}" archive --master "$address"

  # A JVM writes its archive when it ends; the master last, since it hears the workers leave.
  while ((${#processes[@]} > 0)); do
    process="${processes[${#processes[@]} - 1]}"
    unset "processes[${#processes[@]}-1]"
    kill -TERM "$process"
    wait "$process"
  done
  for component in master worker command; do
    mv -f "$home/lib/$component.jsa.draft" "$home/lib/$component.jsa"
  done

  [[ -n "${1:-}" ]] || return 0
  build_command "$home/lib/classes.jsa.draft" io.solstice.cli.Main
  # An installation without that connector goes without.
  if "${command[@]}" run --workflow workflows.make_table --rows 10 --output "$scratch/table.lance" &>/dev/null; then
    mv -f "$home/lib/classes.jsa.draft" "$home/lib/classes.jsa"
  fi
)

# scratch_process <create|off> <component> <main class> <name> <argument>... : starts it and waits until it is up.
scratch_process() {
  local component="$2" main="$3" name="$4" tenths=0
  SOLSTICE_ARCHIVE="$1"
  build_command "$home/lib/$component.jsa.draft" "$main" "@$home/conf/jvm-$component.options"
  shift 4
  SOLSTICE_READY_FILE="$scratch/$name.ready" "${command[@]}" --config /dev/null --port 0 --data-dir "$scratch/$name" \
    "$@" >"$scratch/$name.log" 2>&1 &
  processes+=("$!")
  until [[ -f "$scratch/$name.ready" ]]; do
    if ! kill -0 "$!" 2>/dev/null || ((++tenths > 600)); then
      tail -n 20 "$scratch/$name.log" >&2
      return 1
    fi
    sleep 0.1
  done
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
