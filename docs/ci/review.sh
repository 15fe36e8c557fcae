#!/bin/sh
# What CI says about a programme, the same on every host: what is wrong, which pages are behind, what a change does.
#
#   sh review.sh            on the main branch: everything has to be right
#   sh review.sh BASE       on a pull request: what the commit checked out changes since it left BASE, a branch or commit
#
# May be set:
#   ROLLOUT          the command; else rollout
#   ROLLOUT_DIR      the programme's folder; else the one we stand in
#   ROLLOUT_OUT      the folder for comment.md and reports; else a new one, whose name is printed
#   ROLLOUT_AS_OF    the day the checks are asked for; else today
#   ROLLOUT_REPORTS  more of validate: gitlab junit sarif (files), github (printed, in place of the text)
#
# Exit code: 0 fine; 1 something is wrong, or pages are behind where they must not be; 3 it could not be done.
# Nothing of a branch is run: no hook, no template that the base does not have, no value of it in a command.
set -u

rollout=${ROLLOUT:-rollout}
dir=${ROLLOUT_DIR:-.}
out=${ROLLOUT_OUT:-}
room=60000 # bytes of the difference; GitHub takes a comment of 65,536 characters, and more than the difference is in it

worst=0
worse() { [ "$1" -le "$worst" ] || worst=$1; }

# Text for a job's log. GitHub takes a line that begins with :: for an order to it, until a word only we know is said.
show() {
    if [ -n "${GITHUB_ACTIONS-}" ]; then
        [ -n "$(cat -- "$@" | head -c 1)" ] || return 0
        word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
        printf '::stop-commands::%s\n' "$word"
        cat -- "$@"
        printf '\n::%s::\n' "$word"
    else
        cat -- "$@"
    fi
}

fail() {
    printf '%s\n' "rollout review: $1" >&2
    exit 3
}

# Whole lines up to a number of bytes; what is left out is counted, and what was open is closed.
shortened() {
    LC_ALL=C awk -v limit="$1" '
        { size += length($0) + 1 }
        left || size > limit { left++; next }
        { print; open += gsub(/<details/, "&") - gsub(/<\/details/, "&"); if ($0 ~ /^ *```/) fence = !fence }
        END {
            if (!left) exit
            if (fence) print "```"
            for (; open > 0; open--) print "\n</details>"
            printf "\nAnd %d more line%s, left out for the length of a comment.\n", left, left == 1 ? "" : "s"
        }'
}

in_dir() { git -C "$dir" "$@"; }

# The commit a name stands for: the branch as the server has it before one of the same name here.
commit_of() {
    in_dir rev-parse --quiet --verify --end-of-options "refs/remotes/origin/$1^{commit}" ||
        in_dir rev-parse --quiet --verify --end-of-options "$1^{commit}"
}

fetch() { in_dir fetch --quiet --no-tags --no-recurse-submodules "$@" >"$scratch" 2>&1 || show "$scratch"; }

# Prints the commit where HEAD left BASE, fetching what a shallow clone lacks.
merge_base() {
    base=$(commit_of "$1") || {
        in_dir check-ref-format "refs/heads/$1" || return 1
        wanted="refs/heads/$1"
        if [ ${#1} -ge 40 ]; then case $1 in *[!0-9a-f]*) ;; *) wanted=$1 ;; esac fi
        fetch origin "$wanted" >&2
        base=$(in_dir rev-parse --quiet --verify 'FETCH_HEAD^{commit}') || return 1
    }
    in_dir merge-base "$base" "$head" && return
    [ "$(in_dir rev-parse --is-shallow-repository)" = true ] || return 1
    fetch --unshallow origin >&2
    in_dir merge-base "$base" "$head"
}

unchanged() { in_dir diff-tree -r --quiet "$since" "$head" -- "$@"; }

# Templates run when pages are rendered, so only those that the base has, and no link that could lead to others.
templates_are_known() {
    unchanged templates && ! in_dir ls-tree -r "$head" -- templates | grep -q '^120000 '
}

# Whatever this clone is set up to do, git runs no hook and no file monitor, in rollout's hands too.
count=${GIT_CONFIG_COUNT:-0}
export "GIT_CONFIG_KEY_$count=core.hooksPath" "GIT_CONFIG_VALUE_$count=/dev/null"
count=$((count + 1))
export "GIT_CONFIG_KEY_$count=core.fsmonitor" "GIT_CONFIG_VALUE_$count=false"
export "GIT_CONFIG_COUNT=$((count + 1))"

[ -n "$out" ] || out=$(mktemp -d) || fail "no folder for the results"
if ! mkdir -p -- "$out" || ! scratch=$(mktemp) || ! errors=$(mktemp); then fail "no folder for the results"; fi
trap 'rm -f -- "$scratch" "$errors"' EXIT
rm -f -- "$out/quiet"

base_name=${1-}
set --
[ -z "${ROLLOUT_AS_OF-}" ] || set -- --as-of "$ROLLOUT_AS_OF"

head=$(in_dir rev-parse --quiet --verify 'HEAD^{commit}') || fail "there is no commit here to look at"
if [ -n "$base_name" ]; then
    since=$(merge_base "$base_name") ||
        fail "where this branch left its base is not known here; check out all history (fetch-depth: 0, GIT_DEPTH: 0)"
fi

# 1. What is wrong.
how=text
for report in ${ROLLOUT_REPORTS-}; do
    case $report in
        github) how=github && continue ;;
        gitlab) file=gl-code-quality.json ;;
        junit) file=junit.xml ;;
        sarif) file=rollout.sarif ;;
        *) fail "ROLLOUT_REPORTS has an unknown word; known are github, gitlab, junit, sarif" ;;
    esac
    "$rollout" validate -C "$dir" "$@" --format "$report" >"$out/$file" 2>"$errors"
    if [ $? -gt 1 ]; then show "$errors" && worse 3; fi
done
"$rollout" validate -C "$dir" "$@" --format "$how" >"$scratch" 2>"$errors"
code=$?
# Annotations are orders to GitHub, escaped by rollout; anything else is shown as the text it is.
if [ "$how" = github ]; then cat -- "$scratch"; else show "$scratch"; fi
show "$errors"
case $code in
    0) checks="passed" ;;
    1) checks="**failed**; the job's log names each place and what to do" && worse 1 ;;
    *) checks="**could not be run**; the job's log says why" && worse 3 ;;
esac

# 2. Which pages are behind.
if [ -n "$base_name" ] && ! templates_are_known; then
    pages="not looked at, because this branch changes \`templates/\` (or has links in it): templates run when pages are made"
else
    "$rollout" render -C "$dir" "$@" --check >"$scratch" 2>"$errors"
    code=$?
    show "$scratch" "$errors"
    behind=$(sed -n -e 's/^\([0-9][0-9]*\) page is behind.*/\1/p' -e 's/^\([0-9][0-9]*\) pages are behind.*/\1/p' "$scratch")
    marked=$(grep -c '^playbooks/[^ ]*:[0-9]*:[0-9]*: conflict: ' "$errors")
    if [ "$code" = 0 ]; then
        pages="current"
    elif [ "$code" != 1 ]; then
        pages="**could not be looked at**; the job's log says why" && worse 3
    elif [ -z "$base_name" ]; then
        pages="**behind**; run \`rollout render\`" && worse 1
    elif ! unchanged playbooks ':(glob)waves/*/schedule.yaml'; then
        pages="**behind**, and this branch changes \`playbooks/\` or \`schedule.yaml\`; run \`rollout render\`" && worse 1
    elif [ -n "$behind" ]; then
        pages="\`rollout publish\` will rewrite $behind"
        [ "$marked" = 0 ] || pages="$pages, once $marked place(s) changed by both sides are settled; the job's log names them"
    else
        pages="the published schedule does not allow them as it stands; \`rollout publish\` plans first, the job's log says why"
    fi
fi

# 3. What the change does. Only ids of commits get into the command.
{
    if [ -n "$base_name" ]; then
        "$rollout" diff -C "$dir" "$since" "$head" --format markdown --exit-code >"$scratch" 2>"$errors"
        changed=$?
        show "$errors" >&2
        if [ "$changed" -gt 1 ]; then
            worse 3
            printf '%s\n' "**What this change does could not be worked out**; the job's log says why."
        else
            shortened "$room" <"$scratch"
        fi
        printf '\n'
        # Nothing to say is said only where something was said before.
        [ "$changed$worst$pages" != 00current ] || : >"$out/quiet"
    fi
    printf '%s\n' "- Checks: $checks" "- Pages: $pages"
} >"$out/comment.md"

show "$out/comment.md"
[ -n "${ROLLOUT_OUT-}" ] || printf '%s\n' "the comment is in $out/comment.md"
exit "$worst"
