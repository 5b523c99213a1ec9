/** Problems (RFC 9457): the catalogue, and what one answer says about one of them. */
@NullMarked
package io.mayfly.http.problem;

import org.jspecify.annotations.NullMarked;
