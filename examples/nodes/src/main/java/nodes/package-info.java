/** The chat as several nodes: what they share it over, where they keep what was said, and a demonstration in which one of them is killed. */
@NullMarked
package nodes;

import org.jspecify.annotations.NullMarked;
