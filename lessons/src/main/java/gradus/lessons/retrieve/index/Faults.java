package gradus.lessons.retrieve.index;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.GradusException;
import gradus.error.ResourceException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.store.AlreadyClosedException;

/// What went wrong with an index, in one line that names its folder.
///
/// @param folder as messages name it
record Faults(String folder) {
    /// Lucene reports at its first use which vector instructions it takes.
    private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

    static {
        if (LUCENE.getLevel() == null) {
            LUCENE.setLevel(Level.WARNING);
        }
    }

    /// Something of Lucene's that can fail.
    @FunctionalInterface
    interface Reading<T> {
        T run() throws IOException;
    }

    /// Something of Lucene's that changes the index.
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    /// Reads. A damaged file can make Lucene fail in any way, so every exception of its is damage.
    ///
    /// @throws DataException if the index is damaged or is not there
    <T> T reading(Reading<T> work) {
        try {
            return work.run();
        } catch (GradusException known) {
            throw known;
        } catch (IndexNotFoundException missing) {
            throw new DataException(folder + " holds no index; gradus rag index makes one", missing);
        } catch (IndexFormatTooNewException | IndexFormatTooOldException version) {
            throw new DataException(
                    folder + " holds an index of another version of Lucene, which is not read", version);
        } catch (AccessDeniedException denied) {
            throw new ResourceException(folder + " cannot be read: permission denied", denied);
        } catch (NoSuchFileException missing) {
            throw damaged(Path.of(missing.getFile()).getFileName() + " is missing", missing);
        } catch (AlreadyClosedException closed) {
            throw new ResourceException(folder + ": the index was closed", closed);
        } catch (CorruptIndexException corrupt) {
            throw damaged(named(corrupt), corrupt);
        } catch (EOFException end) {
            throw damaged("a file of it ends too early", end);
        } catch (IOException e) {
            throw new DataException(folder + " cannot be read: " + FileReason.of(e), e);
        } catch (IllegalArgumentException
                | IllegalStateException
                | IndexOutOfBoundsException
                | NullPointerException
                | ArithmeticException
                | NegativeArraySizeException e) {
            throw damaged("it contradicts itself", e);
        }
    }

    /// Writes.
    ///
    /// @throws ResourceException if the disk is full, say: the index stays as it was last committed
    void writing(Writing work) {
        try {
            work.run();
        } catch (CorruptIndexException corrupt) {
            throw damaged(named(corrupt), corrupt);
        } catch (IllegalStateException closed) { // AlreadyClosedException too
            String reason =
                    closed.getCause() instanceof IOException cause ? FileReason.of(cause) : "the editor was closed";
            throw unwritten(reason, closed);
        } catch (IOException e) {
            throw unwritten(FileReason.of(e), e);
        }
    }

    private static String named(CorruptIndexException corrupt) {
        return corrupt.getOriginalMessage();
    }

    private DataException damaged(String what, Exception cause) {
        return new DataException(folder + " holds a damaged index: " + what + "; index the documents again", cause);
    }

    private ResourceException unwritten(String reason, Exception cause) {
        return new ResourceException(
                folder + " cannot be written: " + reason + "; the index stays as it was last committed", cause);
    }
}
