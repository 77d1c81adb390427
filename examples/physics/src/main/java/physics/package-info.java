/** A physics loop that has to keep 60 frames a second, on a thread of its own, with viewers that are tasks; and the same loop as a task among others. */
@NullMarked
package physics;

import org.jspecify.annotations.NullMarked;
