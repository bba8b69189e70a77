/// `gradus lab ema`: averages of weights: what they gain, when, and on a bowl whose noise is known exactly.
package gradus.lessons.lab.ema;
