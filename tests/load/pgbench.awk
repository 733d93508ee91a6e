# Turns PostgreSQL's log of one placed order into the same statements for pgbench. Nothing is retyped: texts and values are what
# the server sent.
#   awk -v known=FILE -v script=FILE -v constants=FILE -v options=FILE -f pgbench.awk LOG
# LOG has log_line_prefix '%p ' and log_min_duration_statement 0. KNOWN has a line `NAME VALUE` for each value that must not be
# the same in two orders: where a parameter has that value, the script says :NAME. Every other parameter is a constant:
# `p3_2=VALUE` in CONSTANTS, for pgbench -D. OPTIONS gets the session's settings as `-c name=value`.

BEGIN {
    while ((getline line < known) > 0) {
        space = index(line, " ")
        name_of[substr(line, space + 1)] = substr(line, 1, space - 1)
    }
}

# A statement, and then the line of its parameters, of each connection.
{ pid = $1 }
match($0, /LOG:  duration: [0-9.]+ ms  execute [^:]*: /) {
    text = substr($0, RSTART + RLENGTH)
    if (text ~ /^BEGIN /) count[pid] = 0
    number = ++count[pid]
    texts[pid, number] = text
    values[pid, number] = ""
    if (text ~ /^INSERT INTO orders_order /) order_pid = pid
    if (text == "COMMIT" && pid == order_pid && !ended) ended = number
    if (ended) { write_all(); exit }
    executes[pid] = 1
    next
}
# What is parsed and bound before it is executed is logged too.
match($0, /DETAIL:  parameters: /) && executes[pid] { values[pid, count[pid]] = substr($0, RSTART + RLENGTH) }
{ executes[pid] = 0 }
match($0, /LOG:  duration: [0-9.]+ ms  statement: SET /) { settings[pid] = substr($0, RSTART + RLENGTH - 4) }

# $1 = 'it''s', $2 = '7' -> value[1], value[2]
function read_values(list,    i, at) {
    delete value
    for (i = 1; match(list, /^(, )?\$[0-9]+ = '/); i++) {
        list = substr(list, RLENGTH + 1)
        value[i] = ""
        while ((at = index(list, "'")) && substr(list, at + 1, 1) == "'") {
            value[i] = value[i] substr(list, 1, at)
            list = substr(list, at + 2)
        }
        value[i] = value[i] substr(list, 1, at - 1)
        list = substr(list, at + 1)
    }
    if (list != "") { print "a parameter cannot be read: " list > "/dev/stderr"; exit 1 }
    return i - 1
}

function write_all(    n, i, parameters, text, name) {
    for (n = 1; n <= ended; n++) {
        text = texts[order_pid, n]
        parameters = read_values(values[order_pid, n])
        for (i = parameters; i >= 1; i--) {
            name = "p" n "_" i
            if (value[i] in name_of) { name = name_of[value[i]]; used[name] = 1 }
            else if (value[i] != "") print name "=" value[i] > constants
            # From the last on, so that $1 is not found in $12. pgbench has no empty variables.
            gsub("\\$" i, value[i] == "" ? "''" : ":" name, text)
        }
        print text ";" > script
    }
    for (i in name_of) if (!(name_of[i] in used)) { print "no statement has the " name_of[i] > "/dev/stderr"; exit 1 }
    text = settings[order_pid]
    gsub(/SET /, "-c ", text); gsub(/ = /, "=", text); gsub(/;/, " ", text)
    print text > options
}
END { if (!ended) { print "no order in the log" > "/dev/stderr"; exit 1 } }
