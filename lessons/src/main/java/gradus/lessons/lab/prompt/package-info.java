/// `gradus lab prompt`: what ways of prompting do to small models that are trained here, each beside a control
/// that should do nothing.
///
/// A [gradus.lessons.lab.prompt.PromptPart] is one experiment, [gradus.lessons.lab.prompt.PromptSetting] what
/// all are given. The models are [gradus.lessons.lab.material.Material].
package gradus.lessons.lab.prompt;
