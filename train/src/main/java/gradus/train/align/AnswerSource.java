package gradus.train.align;

import gradus.train.instruct.ChatFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Where prompts and answers come from.
///
/// @param files   JSONL
/// @param heldOut files that are only measured; where there is none, a share of the others' rows is, by prompt
/// @param share   that share, in [0, 1)
/// @param format  how conversations are written; null for the base's own chat template
/// @param say     hears what was read
public record AnswerSource(
        List<Path> files, List<Path> heldOut, double share, ChatFormat format, Consumer<String> say) {}
