package dev.latent.compiler.generated;

/** What generated programs are made of; each run counts how often it wrote each. */
enum Construct {
    ARGUMENT(Family.OPERANDS, "`await` as an argument of a call"),
    NESTED_AWAIT(Family.OPERANDS, "`await` within the operand of an `await`"),
    NEW(Family.OPERANDS, "`new A(x, await(y))`"),
    NESTED_NEW(Family.OPERANDS, "`new` within the arguments of a `new`"),
    CONDITIONAL_NEW(Family.OPERANDS, "`new` in a branch of a conditional"),
    ELEMENT_ASSIGN(Family.OPERANDS, "`a[i] = await(f)`, index and array sometimes wrong"),
    ELEMENT_COMPOUND(Family.OPERANDS, "`a[i] += await(f)`, `a[i]++`"),
    FIELD_ASSIGN(Family.OPERANDS, "`obj.f = await(f)`, `obj` sometimes null"),
    FIELD_COMPOUND(Family.OPERANDS, "`obj.f += await(f)`"),
    READ_THEN_ASSIGN(Family.OPERANDS, "`x + (x = await(f))`"),
    INCREMENT(Family.OPERANDS, "`x++` and `--x` beside an `await`"),
    SHORT_CIRCUIT(Family.OPERANDS, "`&&`, `||`"),
    TERNARY(Family.OPERANDS, "`? :`"),
    TERNARY_BOXED(Family.OPERANDS, "`? :` with mixed boxing, unboxing sometimes null"),
    CONCAT(Family.OPERANDS, "string concatenation"),
    ARRAY_INITIALISER(Family.OPERANDS, "array initialiser"),
    ARRAY_DIMENSIONS(Family.OPERANDS, "`new int[await(f)][n]`"),
    WIDE(Family.OPERANDS, "long or double below an `await`"),
    ASSERTION(Family.OPERANDS, "assertion, its message awaited"),
    DIVISION(Family.OPERANDS, "division, sometimes by zero"),
    SYNCHRONIZED_METHOD(Family.OPERANDS, "synchronized method called beside an `await`"),
    STREAM(Family.OPERANDS, "stream with a lambda, its source and argument awaited"),
    CAST(Family.OPERANDS, "cast that sometimes fails"),

    BOOLEAN(Family.LOCALS, "boolean local"),
    BYTE(Family.LOCALS, "byte local"),
    CHAR(Family.LOCALS, "char local"),
    SHORT(Family.LOCALS, "short local"),
    LONG(Family.LOCALS, "long local"),
    DOUBLE(Family.LOCALS, "double or float local"),
    REFERENCE(Family.LOCALS, "reference local"),
    SLOT_REUSE(Family.LOCALS, "one slot reused for two types"),
    NULL_MERGE(Family.LOCALS, "null merged with a reference"),
    CONDITIONALLY_ASSIGNED(Family.LOCALS, "conditionally assigned local"),
    PATTERN_BINDING(Family.LOCALS, "`instanceof` pattern, bound within the condition"),
    PATTERN_SCOPE(Family.LOCALS, "`instanceof` pattern, bound after the statement"),
    RECORD_PATTERN(Family.LOCALS, "record deconstruction, nested"),
    UNNAMED(Family.LOCALS, "unnamed variable or pattern `_`"),
    GENERIC(Family.LOCALS, "generic method with intersection bound"),
    VAR(Family.LOCALS, "`var`"),
    CATCH_PARAMETER(Family.LOCALS, "catch parameter live across an `await`"),
    DEAD_REFERENCE(Family.LOCALS, "dead reference, its release checked while suspended"),
    CAPTURE(Family.LOCALS, "captured variable"),
    TEXT_BLOCK(Family.LOCALS, "text block"),

    IF(Family.CONTROL, "`if`"),
    FOR(Family.CONTROL, "`for`"),
    WHILE(Family.CONTROL, "`while`, its condition awaited"),
    DO_WHILE(Family.CONTROL, "`do`-`while`"),
    INFINITE_LOOP(Family.CONTROL, "infinite loop with a break"),
    ENDLESS_LOOP(Family.CONTROL, "infinite loop left by return or throw only"),
    FOR_EACH_ARRAY(Family.CONTROL, "for-each over an array"),
    FOR_EACH(Family.CONTROL, "for-each over an iterable"),
    BREAK(Family.CONTROL, "break to a label"),
    CONTINUE(Family.CONTROL, "continue to a label"),
    RETURN(Family.CONTROL, "return"),
    THROW(Family.CONTROL, "throw"),
    UNREACHABLE(Family.CONTROL, "`await` before a statement that never ends"),
    CATCH(Family.CONTROL, "`catch`"),
    MULTI_CATCH(Family.CONTROL, "multi-catch"),
    AWAIT_IN_CATCH(Family.CONTROL, "`await` in a catch"),
    FINALLY(Family.CONTROL, "`finally`"),
    AWAIT_IN_FINALLY(Family.CONTROL, "`await` in a finally"),
    NESTED_FINALLY(Family.CONTROL, "try-finally within a finally"),
    FINALLY_THROWS(Family.CONTROL, "finally that always throws"),
    FINALLY_JUMPS(Family.CONTROL, "finally that leaves by return or break, no `await` around"),
    PENDING_JUMP(Family.CONTROL, "return, break or continue through an awaiting finally"),
    RESOURCE(Family.CONTROL, "try-with-resources"),
    ASYNC_RESOURCE(Family.CONTROL, "resource whose close suspends"),
    FAILING_CLOSE(Family.CONTROL, "close that fails, suppressed where something flies"),
    OLD_SWITCH_INT(Family.CONTROL, "old switch on int, falling through"),
    OLD_SWITCH_STRING(Family.CONTROL, "old switch on String"),
    OLD_SWITCH_ENUM(Family.CONTROL, "old switch on an enum"),
    ARROW_SWITCH(Family.CONTROL, "arrow switch statement"),
    SWITCH_EXPRESSION(Family.CONTROL, "switch expression with yield"),
    SWITCH_STRING(Family.CONTROL, "switch expression on String or enum"),
    PATTERN_SWITCH(Family.CONTROL, "switch on sealed types"),
    GUARD(Family.CONTROL, "guard that awaits"),
    NULL_CASE(Family.CONTROL, "`case null`"),
    SYNCHRONIZED(Family.CONTROL, "synchronized without an `await`, nested"),
    LABELLED_BLOCK(Family.CONTROL, "labelled block"),

    INSTANCE_METHOD(Family.DECLARATIONS, "body in an instance method"),
    STATIC_METHOD(Family.DECLARATIONS, "body in a static method"),
    CONSTRUCTOR(Family.DECLARATIONS, "body in a constructor after statements before `super(…)`"),
    DEFAULT_METHOD(Family.DECLARATIONS, "body in an interface's default method"),
    INTERFACE_STATIC(Family.DECLARATIONS, "body in an interface's static method"),
    INTERFACE_PRIVATE(Family.DECLARATIONS, "body in an interface's private method"),
    ENUM_CONSTANT(Family.DECLARATIONS, "body in an enum constant"),
    RECORD(Family.DECLARATIONS, "body in a record"),
    LOCAL_CLASS(Family.DECLARATIONS, "body in a generic local class"),
    ANONYMOUS_CLASS(Family.DECLARATIONS, "body in an anonymous class"),
    INNER_CLASS(Family.DECLARATIONS, "body in an inner class, private access outwards"),
    IN_LAMBDA(Family.DECLARATIONS, "body in an ordinary lambda"),
    IN_BODY(Family.DECLARATIONS, "body in a body"),
    VOID_BODY(Family.DECLARATIONS, "body without a value"),
    SUPER_CALL(Family.DECLARATIONS, "`super.` call across packages"),
    PROTECTED_ACCESS(Family.DECLARATIONS, "protected field across packages"),
    PRIVATE_ACCESS(Family.DECLARATIONS, "private field"),
    CLOSURE(Family.DECLARATIONS, "user-defined `@AsyncClosure`, of another compilation"),
    OWN_CLOSURE(Family.DECLARATIONS, "user-defined `@AsyncClosure`, of this compilation"),
    PRIMITIVE_CLOSURE(Family.DECLARATIONS, "`@AsyncClosure` with arguments of every primitive type"),
    GENERIC_CLOSURE(Family.DECLARATIONS, "generic `@AsyncClosure`"),
    ORDINARY_LAMBDA(Family.DECLARATIONS, "ordinary lambda in a body"),
    METHOD_REFERENCE(Family.DECLARATIONS, "method reference in a body"),
    OWNS_CAPTURES(
            Family.DECLARATIONS, "body that begins with a try over captured resources, sometimes dropped unpolled"),
    UNPOLLED(Family.DECLARATIONS, "future made and dropped unpolled"),
    SPLICED(Family.DECLARATIONS, "future kept in a local, awaited later"),
    BY_HAND(Family.DECLARATIONS, "hand-written future between two bodies"),

    CALLABLE_CAPTURED(Family.DECLARATIONS, "body that calls the body of a local it captures"),
    RECURSION(Family.DECLARATIONS, "chain of up to 300 frames, by recursion"),
    SYNCHRONIZED_ASYNC(Family.DECLARATIONS, "body in a synchronized method"),

    JOIN(Family.TOGETHER, "`join` of two or three"),
    JOIN_ALL(Family.TOGETHER, "`join` of a collection, each child `settle`d"),
    SELECT_IN_BODY(Family.TOGETHER, "`select`, `selectBiased`, the loser with cleanups"),
    TIMEOUT_IN_BODY(Family.TOGETHER, "`withTimeout`, after so many polls"),
    NESTED_TOGETHER(Family.TOGETHER, "one of these within another"),
    PINNED(Family.TOGETHER, "`pin` over several rounds of `select`"),
    SHARED(Family.TOGETHER, "`shared`, awaited by two bodies and once more"),
    SETTLE(Family.TOGETHER, "`settle`"),
    YIELD_NOW(Family.TOGETHER, "`yieldNow`"),

    DEBUG(Family.OPTIONS, "`-g`"),
    NO_DEBUG(Family.OPTIONS, "`-g:none`"),
    PARAMETERS(Family.OPTIONS, "`-parameters`"),
    INDY_CONCAT(Family.OPTIONS, "concatenation by indy"),
    INLINE_CONCAT(Family.OPTIONS, "concatenation by `StringBuilder`"),

    DROP_UNPOLLED(Family.DROPS, "before the first poll"),
    DROP(Family.DROPS, "`drop()`, its cleanup handed to the executor"),
    POLL_DROP(Family.DROPS, "`pollDrop`"),
    SELECT(Family.DROPS, "the loser of a `select`"),
    TIMEOUT(Family.DROPS, "`timeout`"),
    SCOPE(Family.DROPS, "the child of a scope whose body ends"),
    HANDLE(Family.DROPS, "`JoinHandle.cancel` on a `LocalExecutor`"),
    EXECUTOR(Family.DROPS, "`LocalExecutor.close`");

    /** Headings of the table. */
    enum Family {
        OPERANDS("Operand stack and order of evaluation"),
        LOCALS("Locals and types"),
        CONTROL("Control flow"),
        DECLARATIONS("Declarations"),
        TOGETHER("Futures that run at the same time"),
        OPTIONS("Options of javac (programs compiled with)"),
        DROPS("Drops (by)");

        final String title;

        Family(String title) {
            this.title = title;
        }
    }

    final Family family;
    final String words;

    Construct(Family family, String words) {
        this.family = family;
        this.words = words;
    }
}
