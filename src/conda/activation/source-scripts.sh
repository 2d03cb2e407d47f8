# Sources activation scripts one after another in one shell, as conda does, and notes what each one
# leaves behind: the environment, what else the shell has, and how the script has ended. $1 is the
# directory for the notes, $2 is not empty where what the scripts run is to be noted, the others are
# the scripts. Names begin with __, so that no script's own are meant; programs are those of the
# system, since a prefix may have its own bash and coreutils.

__notes=$1
__is_traced=$2
__scripts=("${@:3}")
set --
__describe='
  builtin declare -F
  builtin alias -p
  builtin trap -p
  builtin set +o
  builtin shopt -p
  builtin printf "cd %s\n" "$PWD"
'
# Blocks of 1024 bytes: a script that prints without end fills no disk.
ulimit -f 10240
# The trace has a file of its own. Nothing of it is exported, and the name of the directory, which is
# another each time, marks what no script has written.
if [[ $__is_traced ]]; then
  PS4="+${__notes##*/} "
  exec {BASH_XTRACEFD}>"$__notes/trace"
  builtin compgen -bk >"$__notes/words"
fi

for __at in "${!__scripts[@]}"; do
  { eval "$__describe"; } >"$__notes/$__at.before"
  [[ $__is_traced ]] && builtin set -x
  . "${__scripts[__at]}" >"$__notes/$__at.output" 2>&1
  __status=$?
  builtin set +x
  { eval "$__describe"; } >"$__notes/$__at.after"
  # What one script leaves on would end the next one, or these lines.
  builtin set +aeufCvx
  builtin export -n __at __status
  builtin trap - DEBUG ERR EXIT RETURN
  builtin cd /
  builtin printf '%s' "$__status" >"$__notes/$__at.status"
  # Last, and whole in one step: with it the script counts as done.
  /usr/bin/env -0 >"$__notes/draft"
  /usr/bin/mv "$__notes/draft" "$__notes/$__at.environment"
done
