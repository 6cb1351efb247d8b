// The board's words, both languages.
import { addWords } from "../shared/words.js";
import { EN } from "./words_en.js";
import { ZH } from "./words_zh.js";

addWords(EN, ZH);
