_wsclose_topics() {
    local word="${COMP_LINE:0:COMP_POINT}" before="" offers
    word="${word##*[[:space:]]}"
    if [[ "${word}" == *:* ]]; then
        offers="${_wsclose_codes_of_vendors}"
        [[ "${COMP_WORDBREAKS}" == *:* ]] && before="${word%"${word##*:}"}"
    else
        offers="$1"
    fi
    COMPREPLY=( $(compgen -W "${offers}" -- "${word}") )
    COMPREPLY=( "${COMPREPLY[@]#"${before}"}" )
}

_wsclose_codes_of_vendors="discord-gateway:1000 discord-gateway:1001 discord-gateway:4000 discord-gateway:4001 discord-gateway:4002 discord-gateway:4003 discord-gateway:4004 discord-gateway:4005 discord-gateway:4007 discord-gateway:4008 discord-gateway:4009 discord-gateway:4010 discord-gateway:4011 discord-gateway:4012 discord-gateway:4013 discord-gateway:4014 graphql-transport-ws:4004 graphql-transport-ws:4005 graphql-transport-ws:4400 graphql-transport-ws:4401 graphql-transport-ws:4403 graphql-transport-ws:4406 graphql-transport-ws:4408 graphql-transport-ws:4409 graphql-transport-ws:4429 graphql-transport-ws:4499 graphql-transport-ws:4500 graphql-transport-ws:4504 graphql-ws:1002 graphql-ws:1011 graphql-ws:4401 pusher:4000 pusher:4001 pusher:4003 pusher:4004 pusher:4005 pusher:4006 pusher:4007 pusher:4008 pusher:4009 pusher:4100 pusher:4200 pusher:4201 pusher:4202 pusher:4301 pusher:4302 pusher:4000-4099 pusher:4100-4199 pusher:4200-4299 pusher:4300-4399 discord-voice:4001 discord-voice:4002 discord-voice:4003 discord-voice:4004 discord-voice:4005 discord-voice:4006 discord-voice:4009 discord-voice:4011 discord-voice:4012 discord-voice:4014 discord-voice:4015 discord-voice:4016 discord-voice:4017 discord-voice:4020 discord-voice:4021 discord-voice:4022 discord-rpc:4000 discord-rpc:4001 discord-rpc:4002 discord-rpc:4003 discord-rpc:4004 discord-rpc:4005 twitch-eventsub:4000 twitch-eventsub:4001 twitch-eventsub:4002 twitch-eventsub:4003 twitch-eventsub:4004 twitch-eventsub:4005 twitch-eventsub:4006 twitch-eventsub:4007 openai-realtime:1001 gemini-live:1007 gemini-live:1008 gemini-live:1011 deepgram:1008 deepgram:1011 assemblyai-v3:1008 assemblyai-v3:3005 assemblyai-v3:3006 assemblyai-v3:3007 assemblyai-v3:3008 assemblyai-v3:3009 assemblyai-v2:1013 assemblyai-v2:4000 assemblyai-v2:4001 assemblyai-v2:4002 assemblyai-v2:4003 assemblyai-v2:4004 assemblyai-v2:4008 assemblyai-v2:4010 assemblyai-v2:4029 assemblyai-v2:4030 assemblyai-v2:4031 assemblyai-v2:4032 assemblyai-v2:4033 assemblyai-v2:4034 assemblyai-v2:4100 assemblyai-v2:4101 assemblyai-v2:4102 assemblyai-v2:4103 assemblyai-v2:4104 azure-speech:1002 azure-speech:1003 azure-speech:1007 azure-speech:4000 azure-speech:4429 centrifugo:3000 centrifugo:3001 centrifugo:3004 centrifugo:3005 centrifugo:3006 centrifugo:3008 centrifugo:3009 centrifugo:3010 centrifugo:3011 centrifugo:3012 centrifugo:3013 centrifugo:3014 centrifugo:3500 centrifugo:3501 centrifugo:3502 centrifugo:3503 centrifugo:3504 centrifugo:3505 centrifugo:3506 centrifugo:3507 centrifugo:3508 centrifugo:3509 centrifugo:3000-3499 centrifugo:3500-3999 centrifugo:4000-4499 centrifugo:4500-4999 obs-websocket:4000 obs-websocket:4002 obs-websocket:4003 obs-websocket:4004 obs-websocket:4005 obs-websocket:4006 obs-websocket:4007 obs-websocket:4008 obs-websocket:4009 obs-websocket:4010 obs-websocket:4011 obs-websocket:4012 sockjs:1002 sockjs:1006 sockjs:2000 sockjs:2007 sockjs:3000 spring:4500 liveblocks:1011 liveblocks:1013 liveblocks:4000 liveblocks:4001 liveblocks:4005 liveblocks:4006 liveblocks:4100 liveblocks:4109 liveblocks:4999 liveblocks:4000-4099 liveblocks:4100-4199 liveblocks:4200-4299 hocuspocus:1009 hocuspocus:4205 hocuspocus:4401 hocuspocus:4403 hocuspocus:4408 colyseus:4000 colyseus:4001 colyseus:4002 colyseus:4003 colyseus:4010 jupyter:1003 jupyter:4400 jupyter:4404 jupyter:4500 walletconnect:3000 websocketpp:3000 websocketpp:3001"
_wsclose_topics_of_explain="1000 normal-closure 1001 going-away 1002 protocol-error 1003 unsupported-data 1004 reserved 1005 no-status-received 1006 abnormal-closure 1007 invalid-frame-payload-data 1008 policy-violation 1009 1010 mandatory-extension 1011 internal-error 1012 service-restart 1013 try-again-later 1014 bad-gateway 1015 tls-handshake 3000 unauthorized 3003 forbidden 3008 timeout 0-999 1000-2999 3000-3999 4000-4999 5000-65535 reserved-bits reserved-opcode fragmented-control-frame unmasked-client-frame masked-server-frame non-minimal-length length-top-bit-set control-frame-too-long continuation-without-start data-frame-inside-message message-too-big text-not-utf8 deflate-invalid one-byte-close-body close-code-not-allowed close-reason-not-utf8 frame-after-close truncated-frame unfinished-message violation peer-gone keepalive-timeout idle-timeout upgrade-refused upgrade-invalid ended-normally used-after-close code-not-sendable invalid-frame-header refused-before-accept handshake-failed handshake-timeout subprotocol-not-chosen closed-while-connecting could-not-connect interrupted-while-loading closed-while-suspended proxy-client-timeout proxy-peer-reset proxy-client-gone upstream-closed-early unresolved unreachable timeout no-answer proxy-refused blocked used-before-open closed-untold error-untold nginx ingress-nginx kubernetes-exec haproxy apache caddy traefik envoy alb nlb api-gateway cloudfront cloudflare heroku azure-load-balancer azure-front-door azure-app-service cloud-run google-load-balancer vercel squid varnish lighttpd vite chromium firefox ws node python-websockets tungstenite axum deno wsproto autobahn gorilla uvicorn starlette webkitgtk undici bun faye socket.io websocket-node engine.io aiohttp tornado websocket-client actix-ws coder-websocket tomcat jetty sanic hypercorn daphne fastwebsockets tokio-websockets gobwas netty undertow java-websocket jdk-httpclient bandit dotnet okhttp beast sockjs-node simple-websocket trio-websocket gevent-websocket picows socketify soketto ws-rs x-net websocketpp qt libwebsockets libsoup libcurl cowboy em-websocket faye-ruby websocket-driver-ruby mojolicious uwebsockets nodejs-websocket ws4py awc embedded-websocket web-socket-rs yawc ixwebsocket cpp-httplib poco civetweb mongoose wslay gun anyevent-websocket-client lua-http tcllib mint-web-socket websockex ratchet protocol-websocket starscream nginx haproxy apache caddy lighttpd squid varnish discord-gateway graphql-transport-ws graphql-ws pusher discord-voice discord-rpc twitch-eventsub openai-realtime gemini-live deepgram assemblyai-v3 assemblyai-v2 azure-speech centrifugo obs-websocket sockjs spring liveblocks hocuspocus colyseus jupyter walletconnect websocketpp actioncable json-rpc kubernetes mqtt nats ocpp phoenix signalr slack-socket-mode stomp wamp xmpp"
_wsclose_topics_of_compare="1000 normal-closure 1001 going-away 1002 protocol-error 1003 unsupported-data 1004 reserved 1005 no-status-received 1006 abnormal-closure 1007 invalid-frame-payload-data 1008 policy-violation 1009 1010 mandatory-extension 1011 internal-error 1012 service-restart 1013 try-again-later 1014 bad-gateway 1015 tls-handshake 3000 unauthorized 3003 forbidden 3008 timeout 0-999 1000-2999 3000-3999 4000-4999 5000-65535 reserved-bits reserved-opcode fragmented-control-frame unmasked-client-frame masked-server-frame non-minimal-length length-top-bit-set control-frame-too-long continuation-without-start data-frame-inside-message message-too-big text-not-utf8 deflate-invalid one-byte-close-body close-code-not-allowed close-reason-not-utf8 frame-after-close truncated-frame unfinished-message"

_wsclose() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    if [[ "${cur}" == = ]]; then
        cur=""
    elif [[ "${prev}" == = ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
    fi
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="wsclose"
                ;;
            wsclose,compare)
                cmd="wsclose__subcmd__compare"
                ;;
            wsclose,completions)
                cmd="wsclose__subcmd__completions"
                ;;
            wsclose,decode-capture)
                cmd="wsclose__subcmd__decode__subcmd__capture"
                ;;
            wsclose,decode-frame)
                cmd="wsclose__subcmd__decode__subcmd__frame"
                ;;
            wsclose,explain)
                cmd="wsclose__subcmd__explain"
                ;;
            wsclose,help)
                cmd="wsclose__subcmd__help"
                ;;
            wsclose,list)
                cmd="wsclose__subcmd__list"
                ;;
            wsclose,probe)
                cmd="wsclose__subcmd__probe"
                ;;
            wsclose,scan-log)
                cmd="wsclose__subcmd__scan__subcmd__log"
                ;;
            wsclose,schema)
                cmd="wsclose__subcmd__schema"
                ;;
            wsclose__subcmd__help,compare)
                cmd="wsclose__subcmd__help__subcmd__compare"
                ;;
            wsclose__subcmd__help,completions)
                cmd="wsclose__subcmd__help__subcmd__completions"
                ;;
            wsclose__subcmd__help,decode-capture)
                cmd="wsclose__subcmd__help__subcmd__decode__subcmd__capture"
                ;;
            wsclose__subcmd__help,decode-frame)
                cmd="wsclose__subcmd__help__subcmd__decode__subcmd__frame"
                ;;
            wsclose__subcmd__help,explain)
                cmd="wsclose__subcmd__help__subcmd__explain"
                ;;
            wsclose__subcmd__help,help)
                cmd="wsclose__subcmd__help__subcmd__help"
                ;;
            wsclose__subcmd__help,list)
                cmd="wsclose__subcmd__help__subcmd__list"
                ;;
            wsclose__subcmd__help,probe)
                cmd="wsclose__subcmd__help__subcmd__probe"
                ;;
            wsclose__subcmd__help,scan-log)
                cmd="wsclose__subcmd__help__subcmd__scan__subcmd__log"
                ;;
            wsclose__subcmd__help,schema)
                cmd="wsclose__subcmd__help__subcmd__schema"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        wsclose)
            opts="-j -h -V --json --markdown --colour --color --no-pager --lang --help --version explain compare decode-frame scan-log decode-capture probe list schema completions help"
            if [[ ${cur} == -* ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --colour)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en fr id th vi" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _wsclose_topics "${opts} ${_wsclose_topics_of_explain}"
            [[ "${COMP_LINE:0:COMP_POINT}" == *:* ]] || COMPREPLY+=( $(compgen -f -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__compare)
            opts="-j -h --short --vendor --registry --json --markdown --colour --color --no-pager --lang --help"
            if [[ ${cur} == -* ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --vendor)
                    COMPREPLY=($(compgen -W "discord-gateway graphql-transport-ws graphql-ws pusher discord-voice discord-rpc twitch-eventsub openai-realtime gemini-live deepgram assemblyai-v3 assemblyai-v2 azure-speech centrifugo obs-websocket sockjs spring liveblocks hocuspocus colyseus jupyter walletconnect websocketpp" -- "${cur}"))
                    return 0
                    ;;
                --registry)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --colour)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en fr id th vi" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _wsclose_topics "${_wsclose_topics_of_compare}"
            return 0
            ;;
        wsclose__subcmd__completions)
            opts="-j -h --json --markdown --colour --color --no-pager --lang --help bash elvish fish powershell zsh"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --colour)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en fr id th vi" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__decode__subcmd__capture)
            opts="-j -h --keylog --timeline --connection --only --max-message-size --max-connections --max-connection-bytes --max-bytes --forget-after --vendor --registry --json --markdown --colour --color --no-pager --lang --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --keylog)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --connection)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-message-size)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-connections)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-connection-bytes)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-bytes)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --forget-after)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --vendor)
                    COMPREPLY=($(compgen -W "discord-gateway graphql-transport-ws graphql-ws pusher discord-voice discord-rpc twitch-eventsub openai-realtime gemini-live deepgram assemblyai-v3 assemblyai-v2 azure-speech centrifugo obs-websocket sockjs spring liveblocks hocuspocus colyseus jupyter walletconnect websocketpp" -- "${cur}"))
                    return 0
                    ;;
                --registry)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --colour)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en fr id th vi" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__decode__subcmd__frame)
            opts="-j -h --file --input --from --extensions --max-message-size --summary --to-hex --vendor --registry --json --markdown --colour --color --no-pager --lang --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --input)
                    COMPREPLY=($(compgen -W "binary xxd xxd-e xxd-b hexdump wireshark tcpdump od-x1 od-x od od-b od-c od-d1 od-d escaped escaped-octal escaped-decimal escaped-latin1 escaped-wide percent indexed hex-0x hex-h memory-words decimal hex-list octal base64 hex-quoted bytea follow-hex follow-raw follow-yaml follow-c tshark-json tshark-v websocket-client curl netty ngrep strace packets headed directed gdb format-hex beside json log hex" -- "${cur}"))
                    return 0
                    ;;
                --from)
                    COMPREPLY=($(compgen -W "client server" -- "${cur}"))
                    return 0
                    ;;
                --extensions)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-message-size)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --vendor)
                    COMPREPLY=($(compgen -W "discord-gateway graphql-transport-ws graphql-ws pusher discord-voice discord-rpc twitch-eventsub openai-realtime gemini-live deepgram assemblyai-v3 assemblyai-v2 azure-speech centrifugo obs-websocket sockjs spring liveblocks hocuspocus colyseus jupyter walletconnect websocketpp" -- "${cur}"))
                    return 0
                    ;;
                --registry)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --colour)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en fr id th vi" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__explain)
            opts="-j -h --implementations --from-api --after --behind --never-opened --was-open --vendor --registry --json --markdown --colour --color --no-pager --lang --help"
            if [[ ${cur} == -* ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --from-api)
                    COMPREPLY=($(compgen -W "chromium firefox ws node python-websockets tungstenite axum deno wsproto autobahn gorilla uvicorn starlette webkitgtk undici bun faye socket.io websocket-node engine.io aiohttp tornado websocket-client actix-ws coder-websocket tomcat jetty sanic hypercorn daphne fastwebsockets tokio-websockets gobwas netty undertow java-websocket jdk-httpclient bandit dotnet okhttp beast sockjs-node simple-websocket trio-websocket gevent-websocket picows socketify soketto ws-rs x-net websocketpp qt libwebsockets libsoup libcurl cowboy em-websocket faye-ruby websocket-driver-ruby mojolicious uwebsockets nodejs-websocket ws4py awc embedded-websocket web-socket-rs yawc ixwebsocket cpp-httplib poco civetweb mongoose wslay gun anyevent-websocket-client lua-http tcllib mint-web-socket websockex ratchet protocol-websocket starscream nginx haproxy apache caddy lighttpd squid varnish" -- "${cur}"))
                    return 0
                    ;;
                --after)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --behind)
                    COMPREPLY=($(compgen -W "nginx ingress-nginx kubernetes-exec haproxy apache caddy traefik envoy alb nlb api-gateway cloudfront cloudflare heroku azure-load-balancer azure-front-door azure-app-service cloud-run google-load-balancer vercel squid varnish lighttpd vite" -- "${cur}"))
                    return 0
                    ;;
                --vendor)
                    COMPREPLY=($(compgen -W "discord-gateway graphql-transport-ws graphql-ws pusher discord-voice discord-rpc twitch-eventsub openai-realtime gemini-live deepgram assemblyai-v3 assemblyai-v2 azure-speech centrifugo obs-websocket sockjs spring liveblocks hocuspocus colyseus jupyter walletconnect websocketpp" -- "${cur}"))
                    return 0
                    ;;
                --registry)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --colour)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en fr id th vi" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _wsclose_topics "${_wsclose_topics_of_explain}"
            return 0
            ;;
        wsclose__subcmd__help)
            opts="explain compare decode-frame scan-log decode-capture probe list schema completions help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__help__subcmd__compare)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__help__subcmd__completions)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__help__subcmd__decode__subcmd__capture)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__help__subcmd__decode__subcmd__frame)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__help__subcmd__explain)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__help__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__help__subcmd__probe)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__help__subcmd__scan__subcmd__log)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__help__subcmd__schema)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__list)
            opts="-j -h --range --implementations --vendor --registry --json --markdown --colour --color --no-pager --lang --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --range)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --vendor)
                    COMPREPLY=($(compgen -W "discord-gateway graphql-transport-ws graphql-ws pusher discord-voice discord-rpc twitch-eventsub openai-realtime gemini-live deepgram assemblyai-v3 assemblyai-v2 azure-speech centrifugo obs-websocket sockjs spring liveblocks hocuspocus colyseus jupyter walletconnect websocketpp" -- "${cur}"))
                    return 0
                    ;;
                --registry)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --colour)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en fr id th vi" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__probe)
            opts="-H -4 -6 -j -h --header --origin --no-origin --subprotocol --no-compression --proxy --no-proxy --resolve --cafile --cert --key --sni --insecure --send --for --idle --ping --compare --save --timeline --vendor --registry --json --markdown --colour --color --no-pager --lang --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --header)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -H)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --origin)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --subprotocol)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --resolve)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cafile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --key)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sni)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --send)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --for)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --idle)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ping)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --save)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --vendor)
                    COMPREPLY=($(compgen -W "discord-gateway graphql-transport-ws graphql-ws pusher discord-voice discord-rpc twitch-eventsub openai-realtime gemini-live deepgram assemblyai-v3 assemblyai-v2 azure-speech centrifugo obs-websocket sockjs spring liveblocks hocuspocus colyseus jupyter walletconnect websocketpp" -- "${cur}"))
                    return 0
                    ;;
                --registry)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --colour)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en fr id th vi" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__scan__subcmd__log)
            opts="-j -h --unread --follow --since --until --max-groups --vendor --registry --json --markdown --colour --color --no-pager --lang --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --since)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --until)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-groups)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --vendor)
                    COMPREPLY=($(compgen -W "discord-gateway graphql-transport-ws graphql-ws pusher discord-voice discord-rpc twitch-eventsub openai-realtime gemini-live deepgram assemblyai-v3 assemblyai-v2 azure-speech centrifugo obs-websocket sockjs spring liveblocks hocuspocus colyseus jupyter walletconnect websocketpp" -- "${cur}"))
                    return 0
                    ;;
                --registry)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --colour)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en fr id th vi" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        wsclose__subcmd__schema)
            opts="-j -h --json --markdown --colour --color --no-pager --lang --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --colour)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en fr id th vi" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _wsclose -o nosort -o bashdefault -o default wsclose
else
    complete -F _wsclose -o bashdefault -o default wsclose
fi
