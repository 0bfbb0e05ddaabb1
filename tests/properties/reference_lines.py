"""Line protocol cut sign by sign, as InfluxDB's own scanner does: slow, plain, and written for nothing but comparison."""


def lines_of(body: bytes) -> list[bytes]:
    lines: list[bytes] = []
    line = bytearray()
    quoted = in_fields = False
    equals = commas = 0
    position = 0
    while position < len(body):
        sign = body[position : position + 1]
        if sign == b"\\" and position + 1 < len(body) and body[position + 1 : position + 2] != b"\n":
            line += body[position : position + 2]
            position += 2
            continue
        if sign == b"\n" and not quoted:
            lines.append(bytes(line))
            line, quoted, in_fields, equals, commas = bytearray(), False, False, 0, 0
            position += 1
            continue
        if quoted:
            quoted = sign != b'"'
        elif sign == b" ":
            in_fields = True
        elif in_fields and sign == b"=":
            equals += 1
        elif in_fields and sign == b",":
            commas += 1
        elif in_fields and sign == b'"':
            quoted = equals > commas
        line += sign
        position += 1
    if not quoted:
        lines.append(bytes(line))
    return lines


def leaves_a_text_open(body: bytes) -> bool:
    return len(lines_of(body + b"\n")) == len(lines_of(body))
