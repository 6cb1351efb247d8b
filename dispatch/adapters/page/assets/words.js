// Words every page needs; a page adds its own. Keys are the same in both languages.
const WORDS = {
  en: {
    other: "中文", sections: "Sections", theme: "Light or dark", print: "Print", map: "Map", details: "Details",
    keyFigures: "Key figures", zoomIn: "Zoom in", zoomOut: "Zoom out", fit: "Show everything",
    wheelHint: "Click the map first, or hold Ctrl, to zoom with the wheel", back: "Back",
    minorLeftOut: "small roads left out", offline: "One file, nothing is loaded from the network.",
    selected: "{what} selected", cleared: "Selection cleared", nothing: "Nothing found.",
    force_shall: "shall", force_should: "should", force_example: "example", force_card: "design card",
  },
  zh: {
    other: "English", sections: "章节", theme: "浅色或深色", print: "打印", map: "地图", details: "详情",
    keyFigures: "关键指标", zoomIn: "放大", zoomOut: "缩小", fit: "显示全部", wheelHint: "请先点击地图，或按住 Ctrl 再用滚轮缩放",
    back: "返回", minorLeftOut: "省略小路", offline: "单个文件，不从网络加载任何内容。", selected: "已选择 {what}", cleared: "已取消选择",
    nothing: "没有找到。", force_shall: "应", force_should: "宜", force_example: "示例", force_card: "设计卡",
  },
};
