package gradus.tokenizer.json;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/// The reason why a file could not be read or written, for a message that names the file already.
public final class FileFault {
    private FileFault() {}

    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "it does not exist";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException file -> file.getFile() + " is a file";
            case java.nio.file.FileSystemException other when other.getReason() != null -> other.getReason();
            case ClosedByInterruptException interrupted -> "the thread was interrupted";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
