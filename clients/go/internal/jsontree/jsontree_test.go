package jsontree

import (
	"math"
	"reflect"
	"testing"
)

func TestRead_documents_keepIntegersExact(t *testing.T) {
	trees, err := Read([]byte("[9223372036854775807, 18446744073709551615, -9223372036854775808]\n{\"a\": 1.0}\n1e3"))

	want := []any{
		[]any{int64(math.MaxInt64), uint64(math.MaxUint64), int64(math.MinInt64)},
		map[string]any{"a": 1.0},
		1000.0,
	}
	if err != nil || !reflect.DeepEqual(trees, want) {
		t.Errorf("%v, %v; want %v", trees, err, want)
	}
}

func TestRead_unreadable_fails(t *testing.T) {
	for _, text := range []string{"{", "[18446744073709551616]", "{\"a\": 1e400}", "nul"} {
		if trees, err := Read([]byte(text)); err == nil {
			t.Errorf("%s is %v", text, trees)
		}
	}
}

func TestOf_values_areAsTheirJSONSays(t *testing.T) {
	tree, err := Of(struct{ A []byte }{[]byte{1}})

	if want := (map[string]any{"A": "AQ=="}); err != nil || !reflect.DeepEqual(tree, want) {
		t.Errorf("%v, %v; want %v", tree, err, want)
	}
	if _, err := Of(func() {}); err == nil {
		t.Error("a function has a tree")
	}
}
