package cbor

import (
	"math"
	"unicode/utf8"
)

// Decode decodes data that is exactly one item.
func Decode(data []byte) (any, error) {
	values, err := DecodeSequence(data)
	if err != nil {
		return nil, err
	}
	if len(values) != 1 {
		return nil, failure("is not exactly one")
	}
	return values[0], nil
}

// DecodeSequence decodes the items of a CBOR sequence (RFC 8742).
func DecodeSequence(data []byte) (values []any, err error) {
	defer catch(&err)
	for d := (decoder{data}); len(d.data) > 0; {
		values = append(values, d.item(0))
	}
	return values, nil
}

type decoder struct{ data []byte }

const indefinite = 31

func (d *decoder) take(count uint64) []byte {
	if count > uint64(len(d.data)) {
		panic(failure("ends too early"))
	}
	taken := d.data[:count]
	d.data = d.data[count:]
	return taken
}

func (d *decoder) head() (major, info byte, argument uint64) {
	first := d.take(1)[0]
	major, info = first>>5, first&0x1f
	if info < 24 || info == indefinite && major >= 2 && major <= 5 {
		return major, info, uint64(info)
	}
	if info > 27 {
		panic(failure("has a reserved head"))
	}
	for _, b := range d.take(1 << (info - 24)) {
		argument = argument<<8 | uint64(b)
	}
	return major, info, argument
}

func (d *decoder) item(depth int) any {
	if depth > nestingMost {
		panic(failure("is nested too deeply"))
	}
	major, info, argument := d.head()
	switch major {
	case 0:
		if argument <= math.MaxInt64 {
			return int64(argument)
		}
		return argument
	case 1:
		if argument > math.MaxInt64 {
			panic(failure("has an integer below -2^63"))
		}
		return ^int64(argument)
	case 2:
		return d.chunks(2, info, argument)
	case 3:
		return d.text(info, argument)
	case 4:
		items := []any{}
		for d.more(info, &argument) {
			items = append(items, d.item(depth+1))
		}
		return items
	case 5:
		members := map[string]any{}
		for d.more(info, &argument) {
			major, info, length := d.head()
			if major != 3 {
				panic(failure("has a map key that is not text"))
			}
			members[d.text(info, length)] = d.item(depth + 1)
		}
		return members
	case 6:
		panic(failure("has a tag"))
	default:
		return simple(info, argument)
	}
}

// more tells whether another element follows: counted, or until the break.
func (d *decoder) more(info byte, left *uint64) bool {
	if info != indefinite {
		*left--
		return *left != math.MaxUint64
	}
	ahead := *d
	if ahead.take(1)[0] != 0xff {
		return true
	}
	*d = ahead
	return false
}

func (d *decoder) text(info byte, length uint64) string {
	text := d.chunks(3, info, length)
	if !utf8.Valid(text) {
		panic(failure("has text that is not UTF-8"))
	}
	return string(text)
}

func (d *decoder) chunks(major, info byte, length uint64) []byte {
	if info != indefinite {
		return append([]byte{}, d.take(length)...)
	}
	joined := []byte{}
	for d.more(info, nil) {
		next, info, length := d.head()
		if next != major || info == indefinite {
			panic(failure("has a chunk of another type"))
		}
		joined = append(joined, d.take(length)...)
	}
	return joined
}

func simple(info byte, argument uint64) any {
	switch info {
	case 20, 21:
		return info == 21
	case 22:
		return nil
	case 25:
		return finite(fromHalf(uint16(argument)))
	case 26:
		return finite(float64(math.Float32frombits(uint32(argument))))
	case 27:
		return finite(math.Float64frombits(argument))
	}
	panic(failure("has a simple value that JSON cannot say"))
}
