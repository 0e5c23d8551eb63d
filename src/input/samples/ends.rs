//! What programs print of both ends of a connection, and forms that hold bytes among other things.
//! Those of Wireshark, tshark, tcpdump, ngrep, strace, gdb, curl and websocket-client were made by the
//! programs, and cut to their last lines; those of Netty and PowerShell follow their sources.

use super::Sample;

/// What both ends sent after the upgrade.
const BOTH: &[u8] = b"\x81\x85\x02\x9c\x87\xbb\x6a\xf9\xeb\xd7\x6d\x81\x05hello\x82\x0b\x00\x01\x02\xff binary\
    \x89\x82\x71\x45\x3a\x81\x19\x2c\x81\x83\x93\xe6\x9d\xaa\xf1\x9f\xf8\x8a\x02hi\x88\x06\x03\xf3oops\
    \x88\x82\x67\x84\x2c\x8d\x64\x6c";

/// The first two frames of them.
const FIRST: &[u8] = b"\x81\x85\x02\x9c\x87\xbb\x6a\xf9\xeb\xd7\x6d\x81\x05hello";

/// The last two frames of them.
const LAST: &[u8] = b"\x88\x06\x03\xf3oops\x88\x82\x67\x84\x2c\x8d\x64\x6c";

/// The samples.
pub(super) const ENDS: &[Sample] = &[
    (
        "follow-hex",
        "000000C6  81 85 02 9c 87 bb 6a f9  eb d7 6d                 ......j. ..m\n\
\t000000CB  81 05 68 65 6c 6c 6f                              ..hello\n\
\t000000D2  82 0b 00 01 02 ff 20 62  69 6e 61 72 79           ...... b inary\n\
000000D1  89 82 71 45 3a 81 19 2c                           ..qE:..,\n\
000000D9  81 83 93 e6 9d aa f1 9f  f8                       ........ .\n\
\t000000DF  8a 02 68 69                                       ..hi\n\
\t000000E3  88 06 03 f3 6f 6f 70 73                           ....oops\n\
000000E2  88 82 67 84 2c 8d 64 6c                           ..g.,.dl\n\
",
        BOTH,
    ),
    (
        "headed",
        "# The closing handshake\n\
\n\
client -> server\n\
\n\
\"\\210\\206\\147\\204\\054\\215\\144\\167\\103\\342\\027\\367\"\n\
\n\
server -> client\n\
\n\
\"\\210\\002\\003\\363\"\n\
",
        b"\x88\x86\x67\x84\x2c\x8d\x64\x77\x43\xe2\x17\xf7\x88\x02\x03\xf3",
    ),
    // socat -x
    (
        "directed",
        "> 2026/12/01 02:49:58.000935554  length=11 from=0 to=10\n 81 85 02 9c 87 bb 6a f9 eb d7 6d\n\
< 2026/12/01 02:49:59.000086035  length=7 from=0 to=6\n 81 05 68 65 6c 6c 6f\n",
        FIRST,
    ),
    // nc -o
    (
        "directed",
        "> 00000000 81 85 02 9c 87 bb 6a f9 eb d7 6d                # ......j...m\n\
< 00000000 81 05 68 65 6c 6c 6f                            # ..hello\n",
        FIRST,
    ),
    (
        "directed",
        "12:00:00.1 send 81 85 02 9c 87 bb 6a f9 eb d7 6d\n12:00:00.2 recv 81 05 68 65 6c 6c 6f\n",
        FIRST,
    ),
    (
        "headed",
        "A => B:\n81 85 02 9c 87 bb\n6a f9 eb d7 6d\nB => A:\n8105 68656c6c6f\n",
        FIRST,
    ),
    (
        "follow-raw",
        "\n\
===================================================================\n\
Follow: tcp,raw\n\
Filter: tcp.stream eq 0\n\
Node 0: 127.0.0.1:36718\n\
Node 1: 127.0.0.1:8765\n\
8185029c87bb6af9ebd76d\n\
\t810568656c6c6f\n\
\t820b000102ff2062696e617279\n\
898271453a81192c\n\
818393e69daaf19ff8\n\
\t8a026869\n\
\t880603f36f6f7073\n\
888267842c8d646c\n\
===================================================================\n\
",
        BOTH,
    ),
    (
        "follow-yaml",
        "peers:\n\
\x20 - peer: 0\n\
\x20   host: 127.0.0.1\n\
\x20   port: 36718\n\
\x20 - peer: 1\n\
\x20   host: 127.0.0.1\n\
\x20   port: 8765\n\
packets:\n\
\x20 - packet: 8\n\
\x20   peer: 0\n\
\x20   timestamp: 1796006734.531579018\n\
\x20   data: !!binary |\n\
\x20     gYUCnIe7avnr120=\n\
\x20 - packet: 9\n\
\x20   peer: 1\n\
\x20   timestamp: 1796006734.532082081\n\
\x20   data: !!binary |\n\
\x20     gQVoZWxsbw==\n\
\x20 - packet: 10\n\
\x20   peer: 1\n\
\x20   timestamp: 1796006734.532368898\n\
\x20   data: !!binary |\n\
\x20     ggsAAQL/IGJpbmFyeQ==\n\
\x20 - packet: 12\n\
\x20   peer: 0\n\
\x20   timestamp: 1796006734.532470942\n\
\x20   data: !!binary |\n\
\x20     iYJxRTqBGSw=\n\
\x20 - packet: 13\n\
\x20   peer: 0\n\
\x20   timestamp: 1796006734.532505989\n\
\x20   data: !!binary |\n\
\x20     gYOT5p2q8Z/4\n\
\x20 - packet: 15\n\
\x20   peer: 1\n\
\x20   timestamp: 1796006734.532597065\n\
\x20   data: !!binary |\n\
\x20     igJoaQ==\n\
\x20 - packet: 16\n\
\x20   peer: 1\n\
\x20   timestamp: 1796006734.532874107\n\
\x20   data: !!binary |\n\
\x20     iAYD829vcHM=\n\
\x20 - packet: 18\n\
\x20   peer: 0\n\
\x20   timestamp: 1796006734.533056021\n\
\x20   data: !!binary |\n\
\x20     iIJnhCyNZGw=\n\
",
        BOTH,
    ),
    (
        "websocket-client",
        "--- request header ---\n\
GET /chat?token=abc HTTP/1.1\n\
Upgrade: websocket\n\
Host: 127.0.0.1:8765\n\
Origin: http://127.0.0.1:8765\n\
Sec-WebSocket-Key: ZYa584iRLuckTMew85Z4GQ==\n\
Sec-WebSocket-Version: 13\n\
Connection: Upgrade\n\
\n\
\n\
-----------------------\n\
--- response header ---\n\
HTTP/1.1 101 Switching Protocols\n\
Date: Mon, 30 Nov 2026 02:45:34 GMT\n\
Upgrade: websocket\n\
Connection: Upgrade\n\
Sec-WebSocket-Accept: ziYjM4uyq53SvxWOIqEti8cMhww=\n\
Server: Python/3.11 websockets/17.4\n\
-----------------------\n\
++Sent raw: b'\\x81\\x85\\x02\\x9c\\x87\\xbbj\\xf9\\xeb\\xd7m'\n\
++Sent decoded: fin=1 opcode=1 data=b'hello'\n\
++Rcv raw: b'\\x81\\x05hello'\n\
++Rcv decoded: fin=1 opcode=1 data=b'hello'\n\
++Rcv raw: b'\\x82\\x0b\\x00\\x01\\x02\\xff binary'\n\
++Rcv decoded: fin=1 opcode=2 data=b'\\x00\\x01\\x02\\xff binary'\n\
++Sent raw: b'\\x89\\x82qE:\\x81\\x19,'\n\
++Sent decoded: fin=1 opcode=9 data=b'hi'\n\
++Sent raw: b'\\x81\\x83\\x93\\xe6\\x9d\\xaa\\xf1\\x9f\\xf8'\n\
++Sent decoded: fin=1 opcode=1 data=b'bye'\n\
++Rcv raw: b'\\x8a\\x02hi'\n\
++Rcv decoded: fin=1 opcode=10 data=b'hi'\n\
++Rcv raw: b'\\x88\\x06\\x03\\xf3oops'\n\
++Rcv decoded: fin=1 opcode=8 data=b'\\x03\\xf3oops'\n\
++Sent raw: b'\\x88\\x82g\\x84,\\x8ddl'\n\
++Sent decoded: fin=1 opcode=8 data=b'\\x03\\xe8'\n\
",
        BOTH,
    ),
    (
        "ngrep",
        "input: ws.pcap\n\
filter: ((ip || ip6) || (vlan && (ip || ip6)))\n\
\n\
T 127.0.0.1:36718 -> 127.0.0.1:8765 [AP] #8\n\
\x20 81 85 02 9c 87 bb 6a f9    eb d7 6d                   ......j...m     \n\
\n\
T 127.0.0.1:8765 -> 127.0.0.1:36718 [AP] #9\n\
\x20 81 05 68 65 6c 6c 6f                                  ..hello         \n\
\n\
T 127.0.0.1:8765 -> 127.0.0.1:36718 [AP] #10\n\
\x20 82 0b 00 01 02 ff 20 62    69 6e 61 72 79             ...... binary   \n\
\n\
T 127.0.0.1:36718 -> 127.0.0.1:8765 [AP] #12\n\
\x20 89 82 71 45 3a 81 19 2c                               ..qE:..,        \n\
\n\
T 127.0.0.1:36718 -> 127.0.0.1:8765 [AP] #13\n\
\x20 81 83 93 e6 9d aa f1 9f    f8                         .........       \n\
\n\
T 127.0.0.1:8765 -> 127.0.0.1:36718 [AP] #15\n\
\x20 8a 02 68 69                                           ..hi            \n\
\n\
T 127.0.0.1:8765 -> 127.0.0.1:36718 [AP] #16\n\
\x20 88 06 03 f3 6f 6f 70 73                               ....oops        \n\
\n\
T 127.0.0.1:36718 -> 127.0.0.1:8765 [AP] #18\n\
\x20 88 82 67 84 2c 8d 64 6c                               ..g.,.dl        \n\
\n\
",
        BOTH,
    ),
    (
        "packets",
        "02:45:34.531579 IP 127.0.0.1.36718 > 127.0.0.1.8765: Flags [P.], seq 199:210, ack 204, win 64, options [nop,nop,TS val 1790786886 ecr 3654798706], length 11\n\
\t0x0000:  4500 003f 97cc 4000 4006 a4ea 7f00 0001  E..?..@.@.......\n\
\t0x0010:  7f00 0001 8f6e 223d ca41 a090 89cd 3ff9  .....n\"=.A....?.\n\
\t0x0020:  8018 0040 fe33 0000 0101 080a 6abd 3d46  ...@.3......j.=F\n\
\t0x0030:  d9d7 cd72 8185 029c 87bb 6af9 ebd7 6d    ...r......j...m\n\
02:45:34.532082 IP 127.0.0.1.8765 > 127.0.0.1.36718: Flags [P.], seq 204:211, ack 210, win 64, options [nop,nop,TS val 3654798707 ecr 1790786886], length 7\n\
\t0x0000:  4500 003b 25d0 4000 4006 16eb 7f00 0001  E..;%.@.@.......\n\
\t0x0010:  7f00 0001 223d 8f6e 89cd 3ff9 ca41 a09b  ....\"=.n..?..A..\n\
\t0x0020:  8018 0040 fe2f 0000 0101 080a d9d7 cd73  ...@./.........s\n\
\t0x0030:  6abd 3d46 8105 6865 6c6c 6f              j.=F..hello\n\
02:45:34.532369 IP 127.0.0.1.8765 > 127.0.0.1.36718: Flags [P.], seq 211:224, ack 210, win 64, options [nop,nop,TS val 3654798708 ecr 1790786886], length 13\n\
\t0x0000:  4500 0041 25d1 4000 4006 16e4 7f00 0001  E..A%.@.@.......\n\
\t0x0010:  7f00 0001 223d 8f6e 89cd 4000 ca41 a09b  ....\"=.n..@..A..\n\
\t0x0020:  8018 0040 fe35 0000 0101 080a d9d7 cd74  ...@.5.........t\n\
\t0x0030:  6abd 3d46 820b 0001 02ff 2062 696e 6172  j.=F.......binar\n\
\t0x0040:  79                                       y\n\
02:45:34.532471 IP 127.0.0.1.36718 > 127.0.0.1.8765: Flags [P.], seq 210:218, ack 224, win 64, options [nop,nop,TS val 1790786887 ecr 3654798707], length 8\n\
\t0x0000:  4500 003c 97ce 4000 4006 a4eb 7f00 0001  E..<..@.@.......\n\
\t0x0010:  7f00 0001 8f6e 223d ca41 a09b 89cd 400d  .....n\"=.A....@.\n\
\t0x0020:  8018 0040 fe30 0000 0101 080a 6abd 3d47  ...@.0......j.=G\n\
\t0x0030:  d9d7 cd73 8982 7145 3a81 192c            ...s..qE:..,\n\
02:45:34.532506 IP 127.0.0.1.36718 > 127.0.0.1.8765: Flags [P.], seq 218:227, ack 224, win 64, options [nop,nop,TS val 1790786887 ecr 3654798707], length 9\n\
\t0x0000:  4500 003d 97cf 4000 4006 a4e9 7f00 0001  E..=..@.@.......\n\
\t0x0010:  7f00 0001 8f6e 223d ca41 a0a3 89cd 400d  .....n\"=.A....@.\n\
\t0x0020:  8018 0040 fe31 0000 0101 080a 6abd 3d47  ...@.1......j.=G\n\
\t0x0030:  d9d7 cd73 8183 93e6 9daa f19f f8         ...s.........\n\
02:45:34.532597 IP 127.0.0.1.8765 > 127.0.0.1.36718: Flags [P.], seq 224:228, ack 227, win 64, options [nop,nop,TS val 3654798708 ecr 1790786887], length 4\n\
\t0x0000:  4500 0038 25d3 4000 4006 16eb 7f00 0001  E..8%.@.@.......\n\
\t0x0010:  7f00 0001 223d 8f6e 89cd 400d ca41 a0ac  ....\"=.n..@..A..\n\
\t0x0020:  8018 0040 fe2c 0000 0101 080a d9d7 cd74  ...@.,.........t\n\
\t0x0030:  6abd 3d47 8a02 6869                      j.=G..hi\n\
02:45:34.532874 IP 127.0.0.1.8765 > 127.0.0.1.36718: Flags [P.], seq 228:236, ack 227, win 64, options [nop,nop,TS val 3654798708 ecr 1790786887], length 8\n\
\t0x0000:  4500 003c 25d4 4000 4006 16e6 7f00 0001  E..<%.@.@.......\n\
\t0x0010:  7f00 0001 223d 8f6e 89cd 4011 ca41 a0ac  ....\"=.n..@..A..\n\
\t0x0020:  8018 0040 fe30 0000 0101 080a d9d7 cd74  ...@.0.........t\n\
\t0x0030:  6abd 3d47 8806 03f3 6f6f 7073            j.=G....oops\n\
02:45:34.533056 IP 127.0.0.1.36718 > 127.0.0.1.8765: Flags [P.], seq 227:235, ack 236, win 64, options [nop,nop,TS val 1790786887 ecr 3654798708], length 8\n\
\t0x0000:  4500 003c 97d1 4000 4006 a4e8 7f00 0001  E..<..@.@.......\n\
\t0x0010:  7f00 0001 8f6e 223d ca41 a0ac 89cd 4019  .....n\"=.A....@.\n\
\t0x0020:  8018 0040 fe30 0000 0101 080a 6abd 3d47  ...@.0......j.=G\n\
\t0x0030:  d9d7 cd74 8882 6784 2c8d 646c            ...t..g.,.dl\n\
",
        BOTH,
    ),
    (
        "packets",
        "02:45:34.532874 IP 127.0.0.1.8765 > 127.0.0.1.36718: Flags [P.], seq 228:236, ack 227, win 64, options [nop,nop,TS val 3654798708 ecr 1790786887], length 8\n\
\t0x0000:  0000 0000 0000 0000 0000 0000 0800 4500  ..............E.\n\
\t0x0010:  003c 25d4 4000 4006 16e6 7f00 0001 7f00  .<%.@.@.........\n\
\t0x0020:  0001 223d 8f6e 89cd 4011 ca41 a0ac 8018  ..\"=.n..@..A....\n\
\t0x0030:  0040 fe30 0000 0101 080a d9d7 cd74 6abd  .@.0.........tj.\n\
\t0x0040:  3d47 8806 03f3 6f6f 7073                 =G....oops\n\
02:45:34.533056 IP 127.0.0.1.36718 > 127.0.0.1.8765: Flags [P.], seq 227:235, ack 236, win 64, options [nop,nop,TS val 1790786887 ecr 3654798708], length 8\n\
\t0x0000:  0000 0000 0000 0000 0000 0000 0800 4500  ..............E.\n\
\t0x0010:  003c 97d1 4000 4006 a4e8 7f00 0001 7f00  .<..@.@.........\n\
\t0x0020:  0001 8f6e 223d ca41 a0ac 89cd 4019 8018  ...n\"=.A....@...\n\
\t0x0030:  0040 fe30 0000 0101 080a 6abd 3d47 d9d7  .@.0......j.=G..\n\
\t0x0040:  cd74 8882 6784 2c8d 646c                 .t..g.,.dl\n\
",
        LAST,
    ),
    (
        "packets",
        "02:45:34.532874 IP 127.0.0.1.8765 > 127.0.0.1.36718: Flags [P.], seq 228:236, ack 227, win 64, options [nop,nop,TS val 3654798708 ecr 1790786887], length 8\n\
\t0x0000:  4500 003c 25d4 4000 4006 16e6 7f00 0001\n\
\t0x0010:  7f00 0001 223d 8f6e 89cd 4011 ca41 a0ac\n\
\t0x0020:  8018 0040 fe30 0000 0101 080a d9d7 cd74\n\
\t0x0030:  6abd 3d47 8806 03f3 6f6f 7073\n\
02:45:34.533056 IP 127.0.0.1.36718 > 127.0.0.1.8765: Flags [P.], seq 227:235, ack 236, win 64, options [nop,nop,TS val 1790786887 ecr 3654798708], length 8\n\
\t0x0000:  4500 003c 97d1 4000 4006 a4e8 7f00 0001\n\
\t0x0010:  7f00 0001 8f6e 223d ca41 a0ac 89cd 4019\n\
\t0x0020:  8018 0040 fe30 0000 0101 080a 6abd 3d47\n\
\t0x0030:  d9d7 cd74 8882 6784 2c8d 646c\n\
",
        LAST,
    ),
    (
        "packets",
        "0000  00 00 00 00 00 00 00 00 00 00 00 00 08 00 45 00   ..............E.\n\
0010  00 3f 97 cc 40 00 40 06 a4 ea 7f 00 00 01 7f 00   .?..@.@.........\n\
0020  00 01 8f 6e 22 3d ca 41 a0 90 89 cd 3f f9 80 18   ...n\"=.A....?...\n\
0030  00 40 fe 33 00 00 01 01 08 0a 6a bd 3d 46 d9 d7   .@.3......j.=F..\n\
0040  cd 72 81 85 02 9c 87 bb 6a f9 eb d7 6d            .r......j...m\n\
Unmasked data (5 bytes):\n\
0000  68 65 6c 6c 6f                                    hello\n\
\n\
0000  00 00 00 00 00 00 00 00 00 00 00 00 08 00 45 00   ..............E.\n\
0010  00 3b 25 d0 40 00 40 06 16 eb 7f 00 00 01 7f 00   .;%.@.@.........\n\
0020  00 01 22 3d 8f 6e 89 cd 3f f9 ca 41 a0 9b 80 18   ..\"=.n..?..A....\n\
0030  00 40 fe 2f 00 00 01 01 08 0a d9 d7 cd 73 6a bd   .@./.........sj.\n\
0040  3d 46 81 05 68 65 6c 6c 6f                        =F..hello\n\
",
        FIRST,
    ),
    (
        "strace",
        "17751 sendto(3, \"\\201\\205\\243\\10\\30A\\313mt-\\314\", 11, 0, NULL, 0) = 11\n\
17751 recvfrom(3, \"\\201\\5\", 2, 0, NULL, NULL) = 2\n\
17751 recvfrom(3, \"hello\", 5, 0, NULL, NULL) = 5\n\
17751 recvfrom(3, \"\\202\\v\", 2, 0, NULL, NULL) = 2\n\
17751 recvfrom(3, \"\\0\\1\\2\\377 binary\", 11, 0, NULL, NULL) = 11\n\
17751 sendto(3, \"\\211\\202N\\6\\21\\304&o\", 8, 0, NULL, 0) = 8\n\
17751 sendto(3, \"\\201\\203\\272\\5\\334\\300\\330|\\271\", 9, 0, NULL, 0) = 9\n\
17751 recvfrom(3, \"\\212\\2\", 2, 0, NULL, NULL) = 2\n\
17751 recvfrom(3, \"hi\", 2, 0, NULL, NULL) = 2\n\
17751 recvfrom(3, \"\\210\\6\", 2, 0, NULL, NULL) = 2\n\
17751 recvfrom(3, \"\\3\\363oops\", 6, 0, NULL, NULL) = 6\n\
17751 sendto(3, \"\\210\\202\\301\\200\\5\\213\\302h\", 8, 0, NULL, 0) = 8\n\
",
        b"\x81\x85\xa3\x08\x18\x41\xcb\x6d\x74\x2d\xcc\x81\x05\x68\x65\x6c\x6c\x6f\x82\x0b\x00\x01\x02\xff\x20\x62\x69\x6e\x61\x72\x79\x89\x82\x4e\x06\x11\xc4\x26\x6f\x81\x83\xba\x05\xdc\xc0\xd8\x7c\xb9\x8a\x02\x68\x69\x88\x06\x03\xf3\x6f\x6f\x70\x73\x88\x82\xc1\x80\x05\x8b\xc2\x68",
    ),
    (
        "curl",
        "== Info: Connected to 127.0.0.1 (127.0.0.1) port 8765 (#0)\n\
=> Send data, 8 bytes (0x8)\n\
0000: 88 82 67 84 2c 8d 64 6c                         ..g.,.dl\n\
<= Recv data, 8 bytes (0x8)\n\
0000: 88 06 03 f3 6f 6f 70 73                         ....oops\n\
== Info: Connection #0 to host 127.0.0.1 left intact\n\
",
        b"\x88\x82\x67\x84\x2c\x8d\x64\x6c\x88\x06\x03\xf3oops",
    ),
    (
        "curl",
        "0000: 82 13 61 62 20 64 65 66 20 31 32 20 7c 2e 2e 20 ..ab def 12 |.. \n\
0010: 61 62 20 63 64                                  ab cd\n\
",
        b"\x82\x13ab def 12 |.. ab cd",
    ),
    (
        "netty",
        "12:00:01.123 [nioEventLoopGroup-3-1] DEBUG i.n.h.logging.LoggingHandler - [id: 0x08314f0e, L:/127.0.0.1:8080 - R:/127.0.0.1:55896] READ: 8B\n\
\x20        +-------------------------------------------------+\n\
\x20        |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |\n\
+--------+-------------------------------------------------+----------------+\n\
|00000000| 88 82 67 84 2c 8d 64 6c                         |..g.,.dl        |\n\
+--------+-------------------------------------------------+----------------+\n\
12:00:01.124 [nioEventLoopGroup-3-1] DEBUG i.n.h.logging.LoggingHandler - [id: 0x08314f0e, L:/127.0.0.1:8080 - R:/127.0.0.1:55896] READ COMPLETE\n\
12:00:01.125 [nioEventLoopGroup-3-1] DEBUG i.n.h.logging.LoggingHandler - [id: 0x08314f0e, L:/127.0.0.1:8080 - R:/127.0.0.1:55896] WRITE: 18B\n\
\x20        +-------------------------------------------------+\n\
\x20        |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |\n\
+--------+-------------------------------------------------+----------------+\n\
|00000000| 81 0c 61 62 20 7c 20 64 65 20 31 32 20 7c 88 02 |..ab | de 12 |..|\n\
|00000010| 03 e8                                           |..              |\n\
+--------+-------------------------------------------------+----------------+\n\
12:00:01.126 [nioEventLoopGroup-3-1] DEBUG i.n.h.logging.LoggingHandler - [id: 0x08314f0e, L:/127.0.0.1:8080 - R:/127.0.0.1:55896] FLUSH\n\
",
        b"\x88\x82\x67\x84\x2c\x8d\x64\x6c\x81\x0cab | de 12 |\x88\x02\x03\xe8",
    ),
    (
        "gdb",
        "0x555555558010 <buf>:\t0x81\t0x05\t0x68\t0x65\t0x6c\t0x6c\t0x6f\t0x88\n\
0x555555558018 <buf+8>:\t0x02\t0x03\t0xe8\t0x89\t0x00\t0x8a\t0x00\t0x88\n\
0x555555558020 <buf+16>:\t0x00\t0x81\t0x00\n\
",
        b"\x81\x05hello\x88\x02\x03\xe8\x89\0\x8a\0\x88\0\x81\0",
    ),
    // gdb, x/8ub
    (
        "gdb",
        "0x4010 <buf>:\t136\t2\t3\t232\t137\t0\t138\t0\n",
        b"\x88\x02\x03\xe8\x89\0\x8a\0",
    ),
    // gdb, x/2xw
    (
        "gdb",
        "0x4010 <buf>:\t0xf3030688\t0x6d6f6f62\n",
        b"\x88\x06\x03\xf3boom",
    ),
    // gdb, x/4xh
    (
        "gdb",
        "0x7fffffffe010:\t0x0688\t0xf303\t0x6f62\t0x6d6f\n",
        b"\x88\x06\x03\xf3boom",
    ),
    (
        "format-hex",
        "\n\
\n\
\x20          00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F\n\
\n\
00000000   81 05 68 65 6C 6C 6F 88 06 03 F3 6F 6F 70 73 89  ..hello..óoops.\n\
00000010   00                                               .\n\
",
        b"\x81\x05hello\x88\x06\x03\xf3oops\x89\0",
    ),
    (
        "format-hex",
        "\n\
\x20  Label: String (System.String) <3A05C4F6>\n\
\n\
\x20         Offset Bytes                                           Ascii\n\
\x20                00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F\n\
\x20         ------ ----------------------------------------------- -----\n\
0000000000000000 88 02 03 E8                                     ���è\n\
",
        b"\x88\x02\x03\xe8",
    ),
    (
        "follow-c",
        "char peer0_0[] = { /* Packet 8 */\n\
0x89, 0x80, 0x01, 0x02, 0x03, 0x04, 0x88, 0x82, \n\
0x67, 0x84, 0x2c, 0x8d, 0x64, 0x6c };\n\
char peer1_0[] = { /* Packet 10 */\n\
0x88, 0x06, 0x03, 0xf3, 0x6f, 0x6f, 0x70, 0x73 };\n\
",
        b"\x89\x80\x01\x02\x03\x04\x88\x82\x67\x84\x2c\x8d\x64\x6c\x88\x06\x03\xf3oops",
    ),
    (
        "tshark-json",
        "[\n\
\x20 {\n\
\x20   \"_index\": \"packets-2026-11-30\",\n\
\x20   \"_source\": {\n\
\x20     \"layers\": {\n\
\x20       \"frame\": {\n\
\x20         \"frame.number\": \"24\"\n\
\x20       },\n\
\x20       \"tcp\": {\n\
\x20         \"tcp.srcport\": \"8765\",\n\
\x20         \"tcp.dstport\": \"36718\",\n\
\x20         \"tcp.stream\": \"0\",\n\
\x20         \"tcp.len\": \"8\",\n\
\x20         \"tcp.seq\": \"228\",\n\
\x20         \"tcp.seq_raw\": \"2311929873\",\n\
\x20         \"tcp.payload\": \"88:06:03:f3:6f:6f:70:73\"\n\
\x20       },\n\
\x20       \"websocket\": {\n\
\x20         \"websocket.fin\": \"1\",\n\
\x20         \"websocket.opcode\": \"8\",\n\
\x20         \"websocket.mask\": \"0\"\n\
\x20       }\n\
\x20     }\n\
\x20   }\n\
\x20 },\n\
\x20 {\n\
\x20   \"_index\": \"packets-2026-11-30\",\n\
\x20   \"_source\": {\n\
\x20     \"layers\": {\n\
\x20       \"frame\": {\n\
\x20         \"frame.number\": \"26\"\n\
\x20       },\n\
\x20       \"tcp\": {\n\
\x20         \"tcp.srcport\": \"36718\",\n\
\x20         \"tcp.dstport\": \"8765\",\n\
\x20         \"tcp.stream\": \"0\",\n\
\x20         \"tcp.len\": \"8\",\n\
\x20         \"tcp.seq\": \"227\",\n\
\x20         \"tcp.seq_raw\": \"3393298604\",\n\
\x20         \"tcp.payload\": \"88:82:67:84:2c:8d:64:6c\"\n\
\x20       }\n\
\x20     }\n\
\x20   }\n\
\x20 }\n\
]\n\
",
        LAST,
    ),
    (
        "tshark-v",
        "Transmission Control Protocol, Src Port: 8765, Dst Port: 36718, Seq: 228, Ack: 227, Len: 8\n\
\x20   Source Port: 8765\n\
\x20   TCP payload (8 bytes)\n\
\x20   [PDU Size: 8]\n\
WebSocket\n\
\x20   1... .... = Fin: True\n\
\x20   .000 .... = Reserved: 0x0\n\
\x20   .... 1000 = Opcode: Connection Close (8)\n\
\x20   0... .... = Mask: False\n\
\x20   .000 0110 = Payload length: 6\n\
\x20   Payload\n\
\x20       Close\n\
\x20           Status code: Unexpected Condition (1011)\n\
\x20           Reason: oops\n\
\n\
Frame 26: 74 bytes on wire (592 bits), 74 bytes captured (592 bits)\n\
\x20   Encapsulation type: Ethernet (1)\n\
Transmission Control Protocol, Src Port: 36718, Dst Port: 8765, Seq: 227, Ack: 236, Len: 8\n\
WebSocket\n\
\x20   1... .... = Fin: True\n\
\x20   .000 .... = Reserved: 0x0\n\
\x20   .... 1000 = Opcode: Connection Close (8)\n\
\x20   1... .... = Mask: True\n\
\x20   .000 0010 = Payload length: 2\n\
\x20   Masking-Key: 67842c8d\n\
\x20   Masked payload\n\
\x20   Payload\n\
\x20       Close\n\
\x20           Status code: Normal Closure (1000)\n\
",
        LAST,
    ),
    (
        "json",
        "{\"type\":\"message\",\"id\":17,\"payload\":[136,2,3,232]}",
        b"\x88\x02\x03\xe8",
    ),
    (
        "json",
        "{\"opcode\":8,\"data\":\"iAID6A==\"}\n\
",
        b"\x88\x02\x03\xe8",
    ),
    (
        "hex-0x",
        "(byte)0x88, (byte)0x02, (byte)0x03, (byte)0xe8",
        b"\x88\x02\x03\xe8",
    ),
    (
        "escaped",
        "\"\\x81\\x05\" \\\n\
\x20   \"hello\"\n\
",
        b"\x81\x05hello",
    ),
    (
        "escaped-octal",
        "\"\\201\\002\\#{\"\n\
",
        b"\x81\x02#{",
    ),
    (
        "log",
        "      // <Buffer 81 04 70 6f 6e 67>\n\
",
        b"\x81\x04pong",
    ),
    (
        "log",
        "收到一个16进制的数据帧：\n\
\n\
<Buffer 88 02 03 e8>\n\
",
        b"\x88\x02\x03\xe8",
    ),
    (
        "log",
        "\t22:46:55.209 ->1\n\
\t00000000  88 02 03 e8                                       |....|\n\
",
        b"\x88\x02\x03\xe8",
    ),
];
