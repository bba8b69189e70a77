package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.error.Printable;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufNumbers;
import java.util.Arrays;

/// The keys of a GGUF file's architecture, each checked as it is read.
///
/// @param file   where they stand
/// @param prefix the architecture and a dot, which their names begin with
record GgufFields(Gguf file, String prefix) {

    boolean has(String key) {
        return file.has(prefix + key);
    }

    /// A whole number from 1. Where a file gives one for every block, all must be the same.
    int size(String key) {
        if (file.metadata().get(prefix + key) instanceof GgufNumbers each && each.size() > 0 && each.areWhole()) {
            long first = each.whole(0);
            for (int i = 1; i < each.size(); i++) {
                if (each.whole(i) != first) {
                    throw mismatch("%s differs from block to block, which is not supported".formatted(key));
                }
            }
            if (first >= 1 && first <= Integer.MAX_VALUE) {
                return (int) first;
            }
        }
        return file.size(prefix + key);
    }

    int size(String key, int absent) {
        return has(key) ? size(key) : absent;
    }

    /// A whole number from 0.
    int count(String key, int absent) {
        return has(key) ? file.whole(prefix + key, 0) : absent;
    }

    double number(String key) {
        return file.number(prefix + key);
    }

    double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    String text(String key, String absent) {
        return has(key) ? file.text(prefix + key) : absent;
    }

    /// Refuses the file unless a key that repeats what others say agrees with them.
    void requireSame(String key, int expected) {
        if (has(key) && size(key) != expected) {
            throw mismatch("%s is %s; only %s is supported beside the other keys and tensors"
                    .formatted(key, size(key), expected));
        }
    }

    /// Refuses the file unless a tensor is there in this shape.
    void require(String tensor, long... shape) {
        long[] actual = file.shape(tensor);
        if (!Arrays.equals(actual, shape)) {
            throw mismatch("%s has shape %s; the keys make it %s"
                    .formatted(Printable.value(tensor), Arrays.toString(actual), Arrays.toString(shape)));
        }
    }

    CheckpointMismatchException mismatch(String message) {
        return new CheckpointMismatchException(file.origin() + ": " + message);
    }
}
