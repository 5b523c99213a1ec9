package mayfly

import (
	"fmt"
	"net/http"
	"testing"
)

func TestThrottle_scopesOfTheirTime_areForgottenForOthers(t *testing.T) {
	throttle := newThrottle()
	for i := 0; i < 3*scopesMost; i++ {
		throttle.learn(rateLimit(9, 0), keyed(i))
	}
	throttle.learn(rateLimit(0, 60), keyed(-1))

	if known := len(throttle.scopes); known > scopesMost {
		t.Errorf("%d scopes are known", known)
	}
	if throttle.hold(keyed(-1)) == 0 {
		t.Error("a scope without room is not held back")
	}
}

func TestThrottle_manyScopesAtOnce_areBounded(t *testing.T) {
	throttle := newThrottle()
	for i := 0; i < 3*scopesMost; i++ {
		throttle.learn(rateLimit(9, 60), keyed(i))
	}
	throttle.learn(rateLimit(0, 60), keyed(0))

	if known := len(throttle.scopes); known != scopesMost {
		t.Errorf("%d scopes are known", known)
	}
	if throttle.hold(keyed(0)) == 0 {
		t.Error("what is new of a known scope is not noted")
	}
	if throttle.hold(keyed(scopesMost)) != 0 {
		t.Error("a scope of which nothing is known is held back")
	}
}

func rateLimit(room, seconds int) http.Header {
	return http.Header{"Ratelimit": {fmt.Sprintf("\"key\";r=%d;t=%d", room, seconds)}}
}

func keyed(number int) request {
	return to(http.MethodPut, "state", "n", fmt.Sprint("k", number))
}
