package gradus.error;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Why a file could not be read or written, in words. Java's own messages are often the file's name and nothing else,
/// or nothing at all.
public final class FileReason {
    private FileReason() {}

    /// The reason, to stand behind `… cannot be read: `.
    public static String of(IOException failure) {
        return switch (failure) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "there is no such file or folder";
            case FileAlreadyExistsException there -> there.getFile() + " is a file";
            case NotDirectoryException file -> file.getFile() + " is no folder";
            case DirectoryNotEmptyException full -> "the folder is not empty";
            case FileSystemLoopException loop -> "its links lead in a circle";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            case ClosedByInterruptException stopped -> "the thread was interrupted";
            case ClosedChannelException closed -> "it was closed";
            case CharacterCodingException text -> "its text is not in UTF-8";
            default ->
                failure.getMessage() == null || failure.getMessage().isBlank()
                        ? failure.getClass().getSimpleName()
                        : failure.getMessage();
        };
    }
}
