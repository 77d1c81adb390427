package compress;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The zlib that the system has, {@code libz.so.1}, called through the foreign-function API: on Linux with 64 bits, whose {@code z_stream} stands here. */
final class SystemZlib implements Deflate {
    private static final int RAW = -15;
    private static final int MEMORY = 8;
    private static final int DEFAULT_STRATEGY = 0;
    private static final int FINISH = 4;
    private static final int STREAM_END = 1;

    private static final long NEXT_IN = 0;
    private static final long AVAILABLE_IN = 8;
    private static final long NEXT_OUT = 24;
    private static final long AVAILABLE_OUT = 32;
    private static final int STREAM_SIZE = 112;

    private static final @Nullable Functions ZLIB = Functions.find();

    private final Functions zlib;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment stream = arena.allocate(STREAM_SIZE, Long.BYTES);

    private record Functions(MethodHandle init, MethodHandle reset, MethodHandle deflate, MethodHandle end) {
        @SuppressWarnings("restricted") // calling what is outside Java is what this is for
        static @Nullable Functions find() {
            boolean isKnown = System.getProperty("os.name").equals("Linux")
                    && ADDRESS.byteSize() == Long.BYTES
                    && Linker.nativeLinker().canonicalLayouts().get("long") instanceof MemoryLayout it
                    && it.byteSize() == Long.BYTES;
            if (!isKnown || Boolean.getBoolean("compress.jdk")) {
                return null;
            }
            try {
                SymbolLookup library = SymbolLookup.libraryLookup("libz.so.1", Arena.global());
                FunctionDescriptor ofStream = FunctionDescriptor.of(JAVA_INT, ADDRESS);
                return new Functions(
                        function(
                                library,
                                "deflateInit2_",
                                FunctionDescriptor.of(
                                        JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS,
                                        JAVA_INT)),
                        function(library, "deflateReset", ofStream),
                        function(library, "deflate", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)),
                        function(library, "deflateEnd", ofStream));
            } catch (IllegalArgumentException | IllegalCallerException e) {
                return null; // none is there, or this program may not call it
            }
        }

        @SuppressWarnings("restricted")
        private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor type) {
            return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
        }
    }

    static boolean isThere() {
        return ZLIB != null;
    }

    SystemZlib(int level) {
        if (ZLIB == null) {
            throw new IllegalStateException("there is no libz.so.1");
        }
        zlib = ZLIB;
        try {
            MemorySegment version = arena.allocateFrom("1.2.11");
            check((int) zlib.init.invokeExact(
                    stream, level, Gzip.DEFLATED, RAW, MEMORY, DEFAULT_STRATEGY, version, STREAM_SIZE));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void all(ByteBuffer in, ByteBuffer out) {
        try {
            check((int) zlib.reset.invokeExact(stream));
            stream.set(ADDRESS, NEXT_IN, MemorySegment.ofBuffer(in));
            stream.set(JAVA_INT, AVAILABLE_IN, in.remaining());
            stream.set(ADDRESS, NEXT_OUT, MemorySegment.ofBuffer(out));
            stream.set(JAVA_INT, AVAILABLE_OUT, out.remaining());
            int told = (int) zlib.deflate.invokeExact(stream, FINISH);
            if (told != STREAM_END) {
                throw new IllegalStateException("zlib says " + told);
            }
            in.position(in.limit());
            out.position(out.limit() - stream.get(JAVA_INT, AVAILABLE_OUT));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static void check(int told) {
        if (told != 0) {
            throw new IllegalStateException("zlib says " + told);
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            try {
                check((int) zlib.end.invokeExact(stream));
            } catch (Throwable e) {
                throw unexpected(e);
            } finally {
                arena.close();
            }
        }
    }
}
