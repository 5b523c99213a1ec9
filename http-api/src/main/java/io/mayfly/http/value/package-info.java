/** Values on their way in and out: JSON and CBOR to the one stored form, and back. */
@NullMarked
package io.mayfly.http.value;

import org.jspecify.annotations.NullMarked;
