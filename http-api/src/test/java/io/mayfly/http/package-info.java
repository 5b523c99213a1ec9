/** Tests of the gateway against a fake port, over real HTTP. */
@NullMarked
package io.mayfly.http;

import org.jspecify.annotations.NullMarked;
