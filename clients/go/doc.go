// Package mayfly is a client of Mayfly, a server for the short-lived state of distributed systems.
//
// It does what every user would otherwise write by hand: it retries without doubling an effect,
// slows down before it is refused, renews leases in time and tells when one is lost, resumes
// watches, and keeps a local copy of a namespace true.
//
// A Client belongs to one server or cluster and may be used by any number of goroutines. Calls end
// at the deadline of their context; without one, retries end after Config.RetryFor.
package mayfly
