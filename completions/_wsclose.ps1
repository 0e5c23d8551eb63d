
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'wsclose' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'wsclose'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'wsclose' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer in JSON Lines, for programs')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain codes, names, ranges or rules')
            [CompletionResult]::new('compare', 'compare', [CompletionResultType]::ParameterValue, 'Compare two or more codes: facts that differ, how to tell them apart, when to use which')
            [CompletionResult]::new('decode-frame', 'decode-frame', [CompletionResultType]::ParameterValue, 'Decode WebSocket frames: every field, every broken rule, and why the connection closed')
            [CompletionResult]::new('decode-capture', 'decode-capture', [CompletionResultType]::ParameterValue, 'Read a packet capture: how each WebSocket connection in it ended, why, and what to change')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List all topics, one line each')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            break
        }
        'wsclose;explain' {
            [CompletionResult]::new('1000', '1000', [CompletionResultType]::ParameterValue, 'Normal Closure: finished on purpose')
            [CompletionResult]::new('normal-closure', 'normal-closure', [CompletionResultType]::ParameterValue, '1000: finished on purpose')
            [CompletionResult]::new('1001', '1001', [CompletionResultType]::ParameterValue, 'Going Away: this end is leaving')
            [CompletionResult]::new('going-away', 'going-away', [CompletionResultType]::ParameterValue, '1001: this end is leaving')
            [CompletionResult]::new('1002', '1002', [CompletionResultType]::ParameterValue, 'Protocol Error: a rule of framing was broken')
            [CompletionResult]::new('protocol-error', 'protocol-error', [CompletionResultType]::ParameterValue, '1002: a rule of framing was broken')
            [CompletionResult]::new('1003', '1003', [CompletionResultType]::ParameterValue, 'Unsupported Data: a type of message that is not taken')
            [CompletionResult]::new('unsupported-data', 'unsupported-data', [CompletionResultType]::ParameterValue, '1003: a type of message that is not taken')
            [CompletionResult]::new('1004', '1004', [CompletionResultType]::ParameterValue, 'Reserved: it has no meaning')
            [CompletionResult]::new('reserved', 'reserved', [CompletionResultType]::ParameterValue, '1004: it has no meaning')
            [CompletionResult]::new('1005', '1005', [CompletionResultType]::ParameterValue, 'No Status Received: a Close without a code')
            [CompletionResult]::new('no-status-received', 'no-status-received', [CompletionResultType]::ParameterValue, '1005: a Close without a code')
            [CompletionResult]::new('1006', '1006', [CompletionResultType]::ParameterValue, 'Abnormal Closure: the connection ended without a Close')
            [CompletionResult]::new('abnormal-closure', 'abnormal-closure', [CompletionResultType]::ParameterValue, '1006: the connection ended without a Close')
            [CompletionResult]::new('1007', '1007', [CompletionResultType]::ParameterValue, 'Invalid Frame Payload Data: bytes that do not fit the type of the message')
            [CompletionResult]::new('invalid-frame-payload-data', 'invalid-frame-payload-data', [CompletionResultType]::ParameterValue, '1007: bytes that do not fit the type of the message')
            [CompletionResult]::new('1008', '1008', [CompletionResultType]::ParameterValue, 'Policy Violation: a rule of the application was broken')
            [CompletionResult]::new('policy-violation', 'policy-violation', [CompletionResultType]::ParameterValue, '1008: a rule of the application was broken')
            [CompletionResult]::new('1009', '1009', [CompletionResultType]::ParameterValue, 'Message Too Big: a message above the limit')
            [CompletionResult]::new('1010', '1010', [CompletionResultType]::ParameterValue, 'Mandatory Extension: the client lacks an extension')
            [CompletionResult]::new('mandatory-extension', 'mandatory-extension', [CompletionResultType]::ParameterValue, '1010: the client lacks an extension')
            [CompletionResult]::new('1011', '1011', [CompletionResultType]::ParameterValue, 'Internal Error: the end that closed failed')
            [CompletionResult]::new('internal-error', 'internal-error', [CompletionResultType]::ParameterValue, '1011: the end that closed failed')
            [CompletionResult]::new('1012', '1012', [CompletionResultType]::ParameterValue, 'Service Restart: the server restarts')
            [CompletionResult]::new('service-restart', 'service-restart', [CompletionResultType]::ParameterValue, '1012: the server restarts')
            [CompletionResult]::new('1013', '1013', [CompletionResultType]::ParameterValue, 'Try Again Later: the server is overloaded')
            [CompletionResult]::new('try-again-later', 'try-again-later', [CompletionResultType]::ParameterValue, '1013: the server is overloaded')
            [CompletionResult]::new('1014', '1014', [CompletionResultType]::ParameterValue, 'Bad Gateway: the server behind the gateway failed')
            [CompletionResult]::new('bad-gateway', 'bad-gateway', [CompletionResultType]::ParameterValue, '1014: the server behind the gateway failed')
            [CompletionResult]::new('1015', '1015', [CompletionResultType]::ParameterValue, 'TLS Handshake: TLS failed before WebSocket began')
            [CompletionResult]::new('tls-handshake', 'tls-handshake', [CompletionResultType]::ParameterValue, '1015: TLS failed before WebSocket began')
            [CompletionResult]::new('3000', '3000', [CompletionResultType]::ParameterValue, 'Unauthorized: not logged in')
            [CompletionResult]::new('unauthorized', 'unauthorized', [CompletionResultType]::ParameterValue, '3000: not logged in')
            [CompletionResult]::new('3003', '3003', [CompletionResultType]::ParameterValue, 'Forbidden: logged in, but not allowed')
            [CompletionResult]::new('forbidden', 'forbidden', [CompletionResultType]::ParameterValue, '3003: logged in, but not allowed')
            [CompletionResult]::new('3008', '3008', [CompletionResultType]::ParameterValue, 'Timeout: it took too long')
            [CompletionResult]::new('timeout', 'timeout', [CompletionResultType]::ParameterValue, '3008: it took too long')
            [CompletionResult]::new('0-999', '0-999', [CompletionResultType]::ParameterValue, 'Not Used: no close code')
            [CompletionResult]::new('1000-2999', '1000-2999', [CompletionResultType]::ParameterValue, 'Protocol, Unassigned: no meaning yet')
            [CompletionResult]::new('3000-3999', '3000-3999', [CompletionResultType]::ParameterValue, 'Libraries and Frameworks: a library''s or framework''s own code')
            [CompletionResult]::new('4000-4999', '4000-4999', [CompletionResultType]::ParameterValue, 'Private Use: a private code of this application')
            [CompletionResult]::new('5000-65535', '5000-65535', [CompletionResultType]::ParameterValue, 'Outside Every Range: no close code')
            [CompletionResult]::new('reserved-bits', 'reserved-bits', [CompletionResultType]::ParameterValue, 'a reserved bit is set: 1002 Protocol Error')
            [CompletionResult]::new('reserved-opcode', 'reserved-opcode', [CompletionResultType]::ParameterValue, 'the opcode has no meaning: 1002 Protocol Error')
            [CompletionResult]::new('fragmented-control-frame', 'fragmented-control-frame', [CompletionResultType]::ParameterValue, 'a control frame is a fragment: 1002 Protocol Error')
            [CompletionResult]::new('unmasked-client-frame', 'unmasked-client-frame', [CompletionResultType]::ParameterValue, 'a client frame is not masked: 1002 Protocol Error')
            [CompletionResult]::new('masked-server-frame', 'masked-server-frame', [CompletionResultType]::ParameterValue, 'a server frame is masked: 1002 Protocol Error')
            [CompletionResult]::new('non-minimal-length', 'non-minimal-length', [CompletionResultType]::ParameterValue, 'the length is written in too many bytes: 1002 Protocol Error')
            [CompletionResult]::new('length-top-bit-set', 'length-top-bit-set', [CompletionResultType]::ParameterValue, 'the top bit of the 64-bit length is set: 1002 Protocol Error')
            [CompletionResult]::new('control-frame-too-long', 'control-frame-too-long', [CompletionResultType]::ParameterValue, 'a control frame has more than 125 bytes: 1002 Protocol Error')
            [CompletionResult]::new('continuation-without-start', 'continuation-without-start', [CompletionResultType]::ParameterValue, 'a continuation of nothing: 1002 Protocol Error')
            [CompletionResult]::new('data-frame-inside-message', 'data-frame-inside-message', [CompletionResultType]::ParameterValue, 'a new message inside a fragmented one: 1002 Protocol Error')
            [CompletionResult]::new('message-too-big', 'message-too-big', [CompletionResultType]::ParameterValue, 'a message above the limit that was given: 1009 Message Too Big')
            [CompletionResult]::new('text-not-utf8', 'text-not-utf8', [CompletionResultType]::ParameterValue, 'a text message is not UTF-8: 1007 Invalid Frame Payload Data')
            [CompletionResult]::new('deflate-invalid', 'deflate-invalid', [CompletionResultType]::ParameterValue, 'a compressed message cannot be inflated: 1007 Invalid Frame Payload Data')
            [CompletionResult]::new('one-byte-close-body', 'one-byte-close-body', [CompletionResultType]::ParameterValue, 'a Close body of one byte: 1002 Protocol Error')
            [CompletionResult]::new('close-code-not-allowed', 'close-code-not-allowed', [CompletionResultType]::ParameterValue, 'a code that may not stand in a Close frame: 1002 Protocol Error')
            [CompletionResult]::new('close-reason-not-utf8', 'close-reason-not-utf8', [CompletionResultType]::ParameterValue, 'the reason of a Close is not UTF-8: 1007 Invalid Frame Payload Data')
            [CompletionResult]::new('frame-after-close', 'frame-after-close', [CompletionResultType]::ParameterValue, 'a data frame after the Close')
            [CompletionResult]::new('truncated-frame', 'truncated-frame', [CompletionResultType]::ParameterValue, 'the input ends inside a frame')
            [CompletionResult]::new('unfinished-message', 'unfinished-message', [CompletionResultType]::ParameterValue, 'the input ends inside a fragmented message')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer in JSON Lines, for programs')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsclose;compare' {
            [CompletionResult]::new('1000', '1000', [CompletionResultType]::ParameterValue, 'Normal Closure: finished on purpose')
            [CompletionResult]::new('normal-closure', 'normal-closure', [CompletionResultType]::ParameterValue, '1000: finished on purpose')
            [CompletionResult]::new('1001', '1001', [CompletionResultType]::ParameterValue, 'Going Away: this end is leaving')
            [CompletionResult]::new('going-away', 'going-away', [CompletionResultType]::ParameterValue, '1001: this end is leaving')
            [CompletionResult]::new('1002', '1002', [CompletionResultType]::ParameterValue, 'Protocol Error: a rule of framing was broken')
            [CompletionResult]::new('protocol-error', 'protocol-error', [CompletionResultType]::ParameterValue, '1002: a rule of framing was broken')
            [CompletionResult]::new('1003', '1003', [CompletionResultType]::ParameterValue, 'Unsupported Data: a type of message that is not taken')
            [CompletionResult]::new('unsupported-data', 'unsupported-data', [CompletionResultType]::ParameterValue, '1003: a type of message that is not taken')
            [CompletionResult]::new('1004', '1004', [CompletionResultType]::ParameterValue, 'Reserved: it has no meaning')
            [CompletionResult]::new('reserved', 'reserved', [CompletionResultType]::ParameterValue, '1004: it has no meaning')
            [CompletionResult]::new('1005', '1005', [CompletionResultType]::ParameterValue, 'No Status Received: a Close without a code')
            [CompletionResult]::new('no-status-received', 'no-status-received', [CompletionResultType]::ParameterValue, '1005: a Close without a code')
            [CompletionResult]::new('1006', '1006', [CompletionResultType]::ParameterValue, 'Abnormal Closure: the connection ended without a Close')
            [CompletionResult]::new('abnormal-closure', 'abnormal-closure', [CompletionResultType]::ParameterValue, '1006: the connection ended without a Close')
            [CompletionResult]::new('1007', '1007', [CompletionResultType]::ParameterValue, 'Invalid Frame Payload Data: bytes that do not fit the type of the message')
            [CompletionResult]::new('invalid-frame-payload-data', 'invalid-frame-payload-data', [CompletionResultType]::ParameterValue, '1007: bytes that do not fit the type of the message')
            [CompletionResult]::new('1008', '1008', [CompletionResultType]::ParameterValue, 'Policy Violation: a rule of the application was broken')
            [CompletionResult]::new('policy-violation', 'policy-violation', [CompletionResultType]::ParameterValue, '1008: a rule of the application was broken')
            [CompletionResult]::new('1009', '1009', [CompletionResultType]::ParameterValue, 'Message Too Big: a message above the limit')
            [CompletionResult]::new('1010', '1010', [CompletionResultType]::ParameterValue, 'Mandatory Extension: the client lacks an extension')
            [CompletionResult]::new('mandatory-extension', 'mandatory-extension', [CompletionResultType]::ParameterValue, '1010: the client lacks an extension')
            [CompletionResult]::new('1011', '1011', [CompletionResultType]::ParameterValue, 'Internal Error: the end that closed failed')
            [CompletionResult]::new('internal-error', 'internal-error', [CompletionResultType]::ParameterValue, '1011: the end that closed failed')
            [CompletionResult]::new('1012', '1012', [CompletionResultType]::ParameterValue, 'Service Restart: the server restarts')
            [CompletionResult]::new('service-restart', 'service-restart', [CompletionResultType]::ParameterValue, '1012: the server restarts')
            [CompletionResult]::new('1013', '1013', [CompletionResultType]::ParameterValue, 'Try Again Later: the server is overloaded')
            [CompletionResult]::new('try-again-later', 'try-again-later', [CompletionResultType]::ParameterValue, '1013: the server is overloaded')
            [CompletionResult]::new('1014', '1014', [CompletionResultType]::ParameterValue, 'Bad Gateway: the server behind the gateway failed')
            [CompletionResult]::new('bad-gateway', 'bad-gateway', [CompletionResultType]::ParameterValue, '1014: the server behind the gateway failed')
            [CompletionResult]::new('1015', '1015', [CompletionResultType]::ParameterValue, 'TLS Handshake: TLS failed before WebSocket began')
            [CompletionResult]::new('tls-handshake', 'tls-handshake', [CompletionResultType]::ParameterValue, '1015: TLS failed before WebSocket began')
            [CompletionResult]::new('3000', '3000', [CompletionResultType]::ParameterValue, 'Unauthorized: not logged in')
            [CompletionResult]::new('unauthorized', 'unauthorized', [CompletionResultType]::ParameterValue, '3000: not logged in')
            [CompletionResult]::new('3003', '3003', [CompletionResultType]::ParameterValue, 'Forbidden: logged in, but not allowed')
            [CompletionResult]::new('forbidden', 'forbidden', [CompletionResultType]::ParameterValue, '3003: logged in, but not allowed')
            [CompletionResult]::new('3008', '3008', [CompletionResultType]::ParameterValue, 'Timeout: it took too long')
            [CompletionResult]::new('timeout', 'timeout', [CompletionResultType]::ParameterValue, '3008: it took too long')
            [CompletionResult]::new('0-999', '0-999', [CompletionResultType]::ParameterValue, 'Not Used: no close code')
            [CompletionResult]::new('1000-2999', '1000-2999', [CompletionResultType]::ParameterValue, 'Protocol, Unassigned: no meaning yet')
            [CompletionResult]::new('3000-3999', '3000-3999', [CompletionResultType]::ParameterValue, 'Libraries and Frameworks: a library''s or framework''s own code')
            [CompletionResult]::new('4000-4999', '4000-4999', [CompletionResultType]::ParameterValue, 'Private Use: a private code of this application')
            [CompletionResult]::new('5000-65535', '5000-65535', [CompletionResultType]::ParameterValue, 'Outside Every Range: no close code')
            [CompletionResult]::new('reserved-bits', 'reserved-bits', [CompletionResultType]::ParameterValue, 'a reserved bit is set: 1002 Protocol Error')
            [CompletionResult]::new('reserved-opcode', 'reserved-opcode', [CompletionResultType]::ParameterValue, 'the opcode has no meaning: 1002 Protocol Error')
            [CompletionResult]::new('fragmented-control-frame', 'fragmented-control-frame', [CompletionResultType]::ParameterValue, 'a control frame is a fragment: 1002 Protocol Error')
            [CompletionResult]::new('unmasked-client-frame', 'unmasked-client-frame', [CompletionResultType]::ParameterValue, 'a client frame is not masked: 1002 Protocol Error')
            [CompletionResult]::new('masked-server-frame', 'masked-server-frame', [CompletionResultType]::ParameterValue, 'a server frame is masked: 1002 Protocol Error')
            [CompletionResult]::new('non-minimal-length', 'non-minimal-length', [CompletionResultType]::ParameterValue, 'the length is written in too many bytes: 1002 Protocol Error')
            [CompletionResult]::new('length-top-bit-set', 'length-top-bit-set', [CompletionResultType]::ParameterValue, 'the top bit of the 64-bit length is set: 1002 Protocol Error')
            [CompletionResult]::new('control-frame-too-long', 'control-frame-too-long', [CompletionResultType]::ParameterValue, 'a control frame has more than 125 bytes: 1002 Protocol Error')
            [CompletionResult]::new('continuation-without-start', 'continuation-without-start', [CompletionResultType]::ParameterValue, 'a continuation of nothing: 1002 Protocol Error')
            [CompletionResult]::new('data-frame-inside-message', 'data-frame-inside-message', [CompletionResultType]::ParameterValue, 'a new message inside a fragmented one: 1002 Protocol Error')
            [CompletionResult]::new('message-too-big', 'message-too-big', [CompletionResultType]::ParameterValue, 'a message above the limit that was given: 1009 Message Too Big')
            [CompletionResult]::new('text-not-utf8', 'text-not-utf8', [CompletionResultType]::ParameterValue, 'a text message is not UTF-8: 1007 Invalid Frame Payload Data')
            [CompletionResult]::new('deflate-invalid', 'deflate-invalid', [CompletionResultType]::ParameterValue, 'a compressed message cannot be inflated: 1007 Invalid Frame Payload Data')
            [CompletionResult]::new('one-byte-close-body', 'one-byte-close-body', [CompletionResultType]::ParameterValue, 'a Close body of one byte: 1002 Protocol Error')
            [CompletionResult]::new('close-code-not-allowed', 'close-code-not-allowed', [CompletionResultType]::ParameterValue, 'a code that may not stand in a Close frame: 1002 Protocol Error')
            [CompletionResult]::new('close-reason-not-utf8', 'close-reason-not-utf8', [CompletionResultType]::ParameterValue, 'the reason of a Close is not UTF-8: 1007 Invalid Frame Payload Data')
            [CompletionResult]::new('frame-after-close', 'frame-after-close', [CompletionResultType]::ParameterValue, 'a data frame after the Close')
            [CompletionResult]::new('truncated-frame', 'truncated-frame', [CompletionResultType]::ParameterValue, 'the input ends inside a frame')
            [CompletionResult]::new('unfinished-message', 'unfinished-message', [CompletionResultType]::ParameterValue, 'the input ends inside a fragmented message')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer in JSON Lines, for programs')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsclose;decode-frame' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read this file: raw bytes, or text in any of the forms')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Take the input to be in this form, whatever it looks like')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Who sent the frames; without it the mask bit tells, and no mask rule is judged')
            [CompletionResult]::new('--extensions', '--extensions', [CompletionResultType]::ParameterName, 'The Sec-WebSocket-Extensions header of the 101 response, as pasted: compressed messages are inflated')
            [CompletionResult]::new('--max-message-size', '--max-message-size', [CompletionResultType]::ParameterName, 'Report a message larger than this; of a compressed one the inflated bytes count')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--summary', '--summary', [CompletionResultType]::ParameterName, 'Show only closes, findings and the summary')
            [CompletionResult]::new('--to-hex', '--to-hex', [CompletionResultType]::ParameterName, 'Print the bytes that were read as one line of hex, and stop')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer in JSON Lines, for programs')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsclose;decode-capture' {
            [CompletionResult]::new('--connection', '--connection', [CompletionResultType]::ParameterName, 'Only the connection with this index, in full')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only connections with this cause (peer-gone), code (1006) or end (10.0.0.7, 10.0.0.7:443, :443)')
            [CompletionResult]::new('--max-message-size', '--max-message-size', [CompletionResultType]::ParameterName, 'Report a message larger than this; of a compressed one the inflated bytes count')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Follow at most so many connections at a time; the one that was silent longest gives way')
            [CompletionResult]::new('--max-connection-bytes', '--max-connection-bytes', [CompletionResultType]::ParameterName, 'Hold at most so many bytes of one connection that wait for others before them')
            [CompletionResult]::new('--max-bytes', '--max-bytes', [CompletionResultType]::ParameterName, 'Hold at most so many bytes of all connections together, half of them to inflate messages')
            [CompletionResult]::new('--forget-after', '--forget-after', [CompletionResultType]::ParameterName, 'Forget a connection after so many seconds without a packet')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--timeline', '--timeline', [CompletionResultType]::ParameterName, 'Draw the last exchanges of each connection like a ladder')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer in JSON Lines, for programs')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsclose;list' {
            [CompletionResult]::new('--range', '--range', [CompletionResultType]::ParameterName, 'Only codes and ranges in this range: 1xxx, 3000-3999')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer in JSON Lines, for programs')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'wsclose;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Answer in JSON Lines, for programs')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
