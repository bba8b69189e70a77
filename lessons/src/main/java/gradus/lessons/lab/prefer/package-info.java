/// `gradus lab prefer`: what direct preference optimisation learns from right and wrong meanings of words, and
/// what it forgets.
package gradus.lessons.lab.prefer;
