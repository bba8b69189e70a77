/// Data for instruction tuning: conversations as their usual files hold them, and as ids with what is learned.
package gradus.train.instruct;
