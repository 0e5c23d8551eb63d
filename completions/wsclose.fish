# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_wsclose_global_optspecs
    string join \n json color= h/help V/version
end

function __fish_wsclose_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_wsclose_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_wsclose_using_subcommand
    set -l cmd (__fish_wsclose_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c wsclose -n "__fish_wsclose_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'At a terminal, unless NO_COLOR is set'
always\t'Always, also into a pipe'
never\t'Never'"
complete -c wsclose -n "__fish_wsclose_needs_command" -l json -d 'Answer in JSON Lines, for programs'
complete -c wsclose -n "__fish_wsclose_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsclose -n "__fish_wsclose_needs_command" -s V -l version -d 'Print version'
complete -c wsclose -n "__fish_wsclose_needs_command" -f -a "explain" -d 'Explain codes, names, ranges or rules'
complete -c wsclose -n "__fish_wsclose_needs_command" -f -a "compare" -d 'Compare two or more codes: facts that differ, how to tell them apart, when to use which'
complete -c wsclose -n "__fish_wsclose_needs_command" -f -a "decode-frame" -d 'Decode WebSocket frames: every field, every broken rule, and why the connection closed'
complete -c wsclose -n "__fish_wsclose_needs_command" -f -a "decode-capture" -d 'Read a packet capture: how each WebSocket connection in it ended, why, and what to change'
complete -c wsclose -n "__fish_wsclose_needs_command" -f -a "list" -d 'List all topics, one line each'
complete -c wsclose -n "__fish_wsclose_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -l color -d 'When to use colour' -r -f -a "auto\t'At a terminal, unless NO_COLOR is set'
always\t'Always, also into a pipe'
never\t'Never'"
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -l json -d 'Answer in JSON Lines, for programs'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -l color -d 'When to use colour' -r -f -a "auto\t'At a terminal, unless NO_COLOR is set'
always\t'Always, also into a pipe'
never\t'Never'"
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -l json -d 'Answer in JSON Lines, for programs'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-frame" -l file -d 'Read this file: raw bytes, or text in any of the forms' -r -F
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-frame" -l input -d 'Take the input to be in this form, whatever it looks like' -r -f -a "binary\t'bytes as they are'
xxd\t'an xxd dump'
xxd-e\t'an xxd -e dump'
xxd-b\t'an xxd -b dump'
hexdump\t'a hexdump -C dump'
wireshark\t'a hex dump from Wireshark'
tcpdump\t'a tcpdump -X dump'
od-x1\t'an od dump of hex bytes'
od-x\t'a hexdump or od -x dump of swapped words'
od\t'an od dump of octal words'
od-b\t'an od -b dump of octal bytes'
od-c\t'an od -c dump of characters'
od-d1\t'an od dump of decimal bytes'
escaped\t'text with escapes such as \\x88'
escaped-latin1\t'text with escapes in Latin-1, one byte to a character'
percent\t'percent-encoding'
hex-0x\t'hex with 0x prefixes'
hex-h\t'hex with h suffixes'
decimal\t'a list of decimal bytes'
hex-list\t'a list of hex bytes'
octal\t'a list of octal bytes'
base64\t'base64'
hex-quoted\t'hex digits in quotes'
log\t'a log line with bytes at its end'
hex\t'hex digits'"
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-frame" -l from -d 'Who sent the frames; without it the mask bit tells, and no mask rule is judged' -r -f -a "client\t'The end that opened the connection and masks its frames'
server\t'The end that was connected to'"
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-frame" -l extensions -d 'The Sec-WebSocket-Extensions header of the 101 response, as pasted: compressed messages are inflated' -r
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-frame" -l max-message-size -d 'Report a message larger than this; of a compressed one the inflated bytes count' -r
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-frame" -l color -d 'When to use colour' -r -f -a "auto\t'At a terminal, unless NO_COLOR is set'
always\t'Always, also into a pipe'
never\t'Never'"
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-frame" -l summary -d 'Show only closes, findings and the summary'
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-frame" -l to-hex -d 'Print the bytes that were read as one line of hex, and stop'
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-frame" -l json -d 'Answer in JSON Lines, for programs'
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-frame" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -l connection -d 'Only the connection with this index, in full' -r
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -l only -d 'Only connections with this cause (peer-gone), code (1006) or end (10.0.0.7, 10.0.0.7:443, :443)' -r
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -l max-message-size -d 'Report a message larger than this; of a compressed one the inflated bytes count' -r
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -l max-connections -d 'Follow at most so many connections at a time; the one that was silent longest gives way' -r
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -l max-connection-bytes -d 'Hold at most so many bytes of one connection that wait for others before them' -r
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -l max-bytes -d 'Hold at most so many bytes of all connections together, half of them to inflate messages' -r
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -l forget-after -d 'Forget a connection after so many seconds without a packet' -r
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -l color -d 'When to use colour' -r -f -a "auto\t'At a terminal, unless NO_COLOR is set'
always\t'Always, also into a pipe'
never\t'Never'"
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -l timeline -d 'Draw the last exchanges of each connection like a ladder'
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -l json -d 'Answer in JSON Lines, for programs'
complete -c wsclose -n "__fish_wsclose_using_subcommand decode-capture" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsclose -n "__fish_wsclose_using_subcommand list" -l range -d 'Only codes and ranges in this range: 1xxx, 3000-3999' -r
complete -c wsclose -n "__fish_wsclose_using_subcommand list" -l color -d 'When to use colour' -r -f -a "auto\t'At a terminal, unless NO_COLOR is set'
always\t'Always, also into a pipe'
never\t'Never'"
complete -c wsclose -n "__fish_wsclose_using_subcommand list" -l json -d 'Answer in JSON Lines, for programs'
complete -c wsclose -n "__fish_wsclose_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsclose -n "__fish_wsclose_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t'At a terminal, unless NO_COLOR is set'
always\t'Always, also into a pipe'
never\t'Never'"
complete -c wsclose -n "__fish_wsclose_using_subcommand completions" -l json -d 'Answer in JSON Lines, for programs'
complete -c wsclose -n "__fish_wsclose_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1000" -d 'Normal Closure: finished on purpose'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "normal-closure" -d '1000: finished on purpose'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1001" -d 'Going Away: this end is leaving'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "going-away" -d '1001: this end is leaving'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1002" -d 'Protocol Error: a rule of framing was broken'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "protocol-error" -d '1002: a rule of framing was broken'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1003" -d 'Unsupported Data: a type of message that is not taken'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "unsupported-data" -d '1003: a type of message that is not taken'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1004" -d 'Reserved: it has no meaning'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "reserved" -d '1004: it has no meaning'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1005" -d 'No Status Received: a Close without a code'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "no-status-received" -d '1005: a Close without a code'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1006" -d 'Abnormal Closure: the connection ended without a Close'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "abnormal-closure" -d '1006: the connection ended without a Close'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1007" -d 'Invalid Frame Payload Data: bytes that do not fit the type of the message'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "invalid-frame-payload-data" -d '1007: bytes that do not fit the type of the message'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1008" -d 'Policy Violation: a rule of the application was broken'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "policy-violation" -d '1008: a rule of the application was broken'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1009" -d 'Message Too Big: a message above the limit'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1010" -d 'Mandatory Extension: the client lacks an extension'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "mandatory-extension" -d '1010: the client lacks an extension'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1011" -d 'Internal Error: the end that closed failed'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "internal-error" -d '1011: the end that closed failed'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1012" -d 'Service Restart: the server restarts'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "service-restart" -d '1012: the server restarts'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1013" -d 'Try Again Later: the server is overloaded'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "try-again-later" -d '1013: the server is overloaded'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1014" -d 'Bad Gateway: the server behind the gateway failed'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "bad-gateway" -d '1014: the server behind the gateway failed'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1015" -d 'TLS Handshake: TLS failed before WebSocket began'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "tls-handshake" -d '1015: TLS failed before WebSocket began'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "3000" -d 'Unauthorized: not logged in'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "unauthorized" -d '3000: not logged in'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "3003" -d 'Forbidden: logged in, but not allowed'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "forbidden" -d '3003: logged in, but not allowed'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "3008" -d 'Timeout: it took too long'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "timeout" -d '3008: it took too long'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "0-999" -d 'Not Used: no close code'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "1000-2999" -d 'Protocol, Unassigned: no meaning yet'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "3000-3999" -d 'Libraries and Frameworks: a library\'s or framework\'s own code'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "4000-4999" -d 'Private Use: a private code of this application'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "5000-65535" -d 'Outside Every Range: no close code'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "reserved-bits" -d 'a reserved bit is set: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "reserved-opcode" -d 'the opcode has no meaning: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "fragmented-control-frame" -d 'a control frame is a fragment: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "unmasked-client-frame" -d 'a client frame is not masked: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "masked-server-frame" -d 'a server frame is masked: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "non-minimal-length" -d 'the length is written in too many bytes: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "length-top-bit-set" -d 'the top bit of the 64-bit length is set: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "control-frame-too-long" -d 'a control frame has more than 125 bytes: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "continuation-without-start" -d 'a continuation of nothing: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "data-frame-inside-message" -d 'a new message inside a fragmented one: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "message-too-big" -d 'a message above the limit that was given: 1009 Message Too Big'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "text-not-utf8" -d 'a text message is not UTF-8: 1007 Invalid Frame Payload Data'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "deflate-invalid" -d 'a compressed message cannot be inflated: 1007 Invalid Frame Payload Data'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "one-byte-close-body" -d 'a Close body of one byte: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "close-code-not-allowed" -d 'a code that may not stand in a Close frame: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "close-reason-not-utf8" -d 'the reason of a Close is not UTF-8: 1007 Invalid Frame Payload Data'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "frame-after-close" -d 'a data frame after the Close'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "truncated-frame" -d 'the input ends inside a frame'
complete -c wsclose -n "__fish_wsclose_using_subcommand explain" -f -a "unfinished-message" -d 'the input ends inside a fragmented message'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1000" -d 'Normal Closure: finished on purpose'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "normal-closure" -d '1000: finished on purpose'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1001" -d 'Going Away: this end is leaving'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "going-away" -d '1001: this end is leaving'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1002" -d 'Protocol Error: a rule of framing was broken'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "protocol-error" -d '1002: a rule of framing was broken'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1003" -d 'Unsupported Data: a type of message that is not taken'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "unsupported-data" -d '1003: a type of message that is not taken'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1004" -d 'Reserved: it has no meaning'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "reserved" -d '1004: it has no meaning'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1005" -d 'No Status Received: a Close without a code'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "no-status-received" -d '1005: a Close without a code'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1006" -d 'Abnormal Closure: the connection ended without a Close'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "abnormal-closure" -d '1006: the connection ended without a Close'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1007" -d 'Invalid Frame Payload Data: bytes that do not fit the type of the message'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "invalid-frame-payload-data" -d '1007: bytes that do not fit the type of the message'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1008" -d 'Policy Violation: a rule of the application was broken'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "policy-violation" -d '1008: a rule of the application was broken'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1009" -d 'Message Too Big: a message above the limit'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1010" -d 'Mandatory Extension: the client lacks an extension'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "mandatory-extension" -d '1010: the client lacks an extension'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1011" -d 'Internal Error: the end that closed failed'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "internal-error" -d '1011: the end that closed failed'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1012" -d 'Service Restart: the server restarts'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "service-restart" -d '1012: the server restarts'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1013" -d 'Try Again Later: the server is overloaded'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "try-again-later" -d '1013: the server is overloaded'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1014" -d 'Bad Gateway: the server behind the gateway failed'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "bad-gateway" -d '1014: the server behind the gateway failed'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1015" -d 'TLS Handshake: TLS failed before WebSocket began'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "tls-handshake" -d '1015: TLS failed before WebSocket began'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "3000" -d 'Unauthorized: not logged in'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "unauthorized" -d '3000: not logged in'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "3003" -d 'Forbidden: logged in, but not allowed'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "forbidden" -d '3003: logged in, but not allowed'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "3008" -d 'Timeout: it took too long'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "timeout" -d '3008: it took too long'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "0-999" -d 'Not Used: no close code'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "1000-2999" -d 'Protocol, Unassigned: no meaning yet'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "3000-3999" -d 'Libraries and Frameworks: a library\'s or framework\'s own code'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "4000-4999" -d 'Private Use: a private code of this application'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "5000-65535" -d 'Outside Every Range: no close code'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "reserved-bits" -d 'a reserved bit is set: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "reserved-opcode" -d 'the opcode has no meaning: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "fragmented-control-frame" -d 'a control frame is a fragment: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "unmasked-client-frame" -d 'a client frame is not masked: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "masked-server-frame" -d 'a server frame is masked: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "non-minimal-length" -d 'the length is written in too many bytes: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "length-top-bit-set" -d 'the top bit of the 64-bit length is set: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "control-frame-too-long" -d 'a control frame has more than 125 bytes: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "continuation-without-start" -d 'a continuation of nothing: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "data-frame-inside-message" -d 'a new message inside a fragmented one: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "message-too-big" -d 'a message above the limit that was given: 1009 Message Too Big'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "text-not-utf8" -d 'a text message is not UTF-8: 1007 Invalid Frame Payload Data'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "deflate-invalid" -d 'a compressed message cannot be inflated: 1007 Invalid Frame Payload Data'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "one-byte-close-body" -d 'a Close body of one byte: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "close-code-not-allowed" -d 'a code that may not stand in a Close frame: 1002 Protocol Error'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "close-reason-not-utf8" -d 'the reason of a Close is not UTF-8: 1007 Invalid Frame Payload Data'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "frame-after-close" -d 'a data frame after the Close'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "truncated-frame" -d 'the input ends inside a frame'
complete -c wsclose -n "__fish_wsclose_using_subcommand compare" -f -a "unfinished-message" -d 'the input ends inside a fragmented message'
