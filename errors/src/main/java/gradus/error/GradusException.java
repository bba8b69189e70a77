package gradus.error;

/// The one ancestor of everything that Gradus throws on purpose. Unchecked: a wrong shape or a bad file is rarely
/// something the next line can mend, and its message says what was checked, what came and what was expected, in one
/// line that is safe to print (see [Printable]).
public abstract sealed class GradusException extends RuntimeException
        permits ShapeException,
                ConfigException,
                TokenizerException,
                DataException,
                CorruptCheckpointException,
                CheckpointMismatchException,
                NumericException,
                ResourceException,
                UsageException {

    GradusException(String message, Throwable cause) {
        super(Printable.message(message), cause);
    }
}
