/** What the plug-ins of every store share: how events are spelt, and how requests are answered. */
@NullMarked
package io.mayfly.persistence.plugin;

import org.jspecify.annotations.NullMarked;
