/** A service that asks five databases at once and merges what they answer in time. */
@NullMarked
package merge;

import org.jspecify.annotations.NullMarked;
