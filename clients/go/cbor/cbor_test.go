package cbor

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand"
	"reflect"
	"strings"
	"testing"
)

func Example() {
	encoded, _ := Encode(map[string]any{"key": "ada", "value": []byte{1, 2}})
	value, _ := Decode(encoded)
	fmt.Printf("%x\n%v\n", encoded, value)
	// Output:
	// a2636b6579636164616576616c7565420102
	// map[key:ada value:[1 2]]
}

// The examples of RFC 8949, appendix A, that JSON and byte strings can say.
var examples = map[string]any{
	"00": int64(0), "17": int64(23), "1818": int64(24), "1903e8": int64(1000), "1a000f4240": int64(1000000),
	"1b000000e8d4a51000": int64(1000000000000), "1bffffffffffffffff": uint64(math.MaxUint64),
	"20": int64(-1), "29": int64(-10), "3863": int64(-100), "3b7fffffffffffffff": int64(math.MinInt64),
	"f90000": 0.0, "f98000": math.Copysign(0, -1), "f93c00": 1.0, "fb3ff199999999999a": 1.1, "f97bff": 65504.0,
	"fa47c35000": 100000.0, "fa7f7fffff": 3.4028234663852886e+38, "fb7e37e43c8800759c": 1.0e+300,
	"f90001": 5.960464477539063e-8, "f90400": 0.00006103515625, "f9c400": -4.0, "fbc010666666666666": -4.1,
	"f4": false, "f5": true, "f6": nil, "40": []byte{}, "4401020304": []byte{1, 2, 3, 4},
	"60": "", "6161": "a", "62225c": "\"\\", "62c3bc": "ü", "63e6b0b4": "水", "64f0908591": "𐅑",
	"80": []any{}, "83010203": []any{int64(1), int64(2), int64(3)}, "a0": map[string]any{},
	"a26161016162820203": map[string]any{"a": int64(1), "b": []any{int64(2), int64(3)}},
}

func TestEncode_examples_haveTheBytesOfTheRFC(t *testing.T) {
	for want, value := range examples {
		if encoded, err := Encode(value); err != nil || hex.EncodeToString(encoded) != want {
			t.Errorf("%v is encoded as %x, %v; want %s", value, encoded, err, want)
		}
		decoded, err := Decode(bytesOf(t, want))
		if err != nil || !reflect.DeepEqual(decoded, value) {
			t.Errorf("%s is decoded as %v, %v; want %v", want, decoded, err, value)
		}
	}
}

func TestEncode_otherTypes_areEncodedAsTheirJSONSays(t *testing.T) {
	type cart struct {
		Apples uint64 `json:"apples"`
	}

	encoded, err := Encode(cart{math.MaxUint64})

	if want := "a1666170706c65731bffffffffffffffff"; err != nil || hex.EncodeToString(encoded) != want {
		t.Errorf("%x, %v; want %s", encoded, err, want)
	}
}

func TestEncode_unsayable_isRefused(t *testing.T) {
	deep := any(nil)
	for depth := 0; depth <= nestingMost; depth++ {
		deep = []any{deep}
	}
	for name, value := range map[string]any{
		"infinity": math.Inf(-1), "no number": math.NaN(), "function": func() {}, "too deep": deep,
	} {
		if encoded, err := Encode(value); err == nil {
			t.Errorf("%s is encoded as %x", name, encoded)
		}
	}
}

func TestDecode_otherForms_areRead(t *testing.T) {
	for form, want := range map[string]any{
		"1800": int64(0), "fb3ff0000000000000": 1.0, "5f42010243030405ff": []byte{1, 2, 3, 4, 5},
		"7f657374726561646d696e67ff": "streaming", "9f01ff": []any{int64(1)}, "bf6161f5ff": map[string]any{"a": true},
	} {
		if value, err := Decode(bytesOf(t, form)); err != nil || !reflect.DeepEqual(value, want) {
			t.Errorf("%s is decoded as %v, %v; want %v", form, value, err, want)
		}
	}
}

func TestDecode_unsayableOrMalformed_isRefused(t *testing.T) {
	for _, data := range []string{
		"", "18", "1c", "0000", "3b8000000000000000", "61ff", "5b7fffffffffffffff", "5f6161ff", "9f01", "a10102",
		"c074", "f7", "f97c00", "f97e00", "ff", strings.Repeat("81", nestingMost+1) + "00",
	} {
		if value, err := Decode(bytesOf(t, data)); err == nil {
			t.Errorf("%q is decoded as %v", data, value)
		}
	}
}

func TestDecodeSequence_items_areReadInOrder(t *testing.T) {
	values, err := DecodeSequence(bytesOf(t, "01616102"))

	if want := []any{int64(1), "a", int64(2)}; err != nil || !reflect.DeepEqual(values, want) {
		t.Errorf("%v, %v; want %v", values, err, want)
	}
}

// What random bytes are read as is written so that it is read as the same again, in the same bytes.
func TestDecode_randomBytes_areRefusedOrHaveOneEncoding(t *testing.T) {
	const seed = 11
	random, read := rand.New(rand.NewSource(seed)), 0
	for round := 0; round < 200_000; round++ {
		data := make([]byte, random.Intn(12))
		random.Read(data)
		value, err := Decode(data)
		if err != nil {
			continue
		}
		read++
		encoded, err := Encode(value)
		if err != nil {
			t.Fatalf("seed %d: %x is read as %v, which is not written: %v", seed, data, value, err)
		}
		again, err := Decode(encoded)
		if err != nil || !reflect.DeepEqual(again, value) {
			t.Fatalf("seed %d: %x is read as %v and then as %v, %v", seed, data, value, again, err)
		}
		if twice, _ := Encode(again); !bytes.Equal(twice, encoded) {
			t.Fatalf("seed %d: %x is written as %x and then as %x", seed, data, encoded, twice)
		}
	}
	if read < 1000 {
		t.Errorf("seed %d: only %d were values", seed, read)
	}
}

func bytesOf(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
