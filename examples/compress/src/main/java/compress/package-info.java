/** Compresses one large file on all cores. Begin with {@link compress.OnThreads}; {@link compress.OnTasks} is the same by async. */
@NullMarked
package compress;

import org.jspecify.annotations.NullMarked;
