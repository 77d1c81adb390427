package dev.latent.compiler.generated;

/** Values to take apart. */
public final class Shapes {
    private Shapes() {}

    /** Sealed, so that a switch over it needs no default. */
    public sealed interface Shape permits Dot, Box, Line {}

    /** A leaf. */
    public record Dot(int at) implements Shape {}

    /** One within another. */
    public record Box(Shape in, String name) implements Shape {}

    /** Two of them. */
    public record Line(Shape from, Shape to) implements Shape {}

    /** Generic. */
    public record Pair<A, B>(A left, B right) {}

    /** Has wide arguments. */
    public record Sum(int a, double b, long c) {
        /** {@return the sum} */
        public int sum() {
            return (int) (a + b + c);
        }
    }

    /** Makes what belongs to it. */
    public record Outer(int n) {
        /** Belongs to one. */
        public final class Inner {
            private final int own;

            /** One that adds so much. */
            public Inner(int own, Object unused) {
                this.own = own;
            }

            /** {@return the sum} */
            public int sum() {
                return n + own;
            }
        }
    }

    /** Has fields to assign. */
    public static final class Cell {
        /** Assigned. */
        public int n;
    }

    /** A superclass in another package, whose field its subclasses' bodies read. */
    public static class Base {
        protected final String base;

        protected Base(String base) {
            this.base = base;
        }
    }

    /** To choose by. */
    public enum Colour {
        /** One. */
        RED,
        /** Two. */
        GREEN,
        /** Three. */
        BLUE,
        /** Four. */
        PINK
    }

    /** Something that a frame may hold; see {@link Holds}. */
    static final class Token {
        final int number;

        Token(int number) {
            this.number = number;
        }
    }
}
