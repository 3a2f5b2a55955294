// 数据中各个值的名称。
import type { terms as english } from "../en/terms";

export const terms: Record<keyof typeof english, string> = {
  "cause.query": "查询",
  "cause.open": "打开图库",
  "cause.notification": "变更通知",
  "cause.picker": "照片选择器",
  "cause.unexplained": "无法解释",
  "cause.unobserved": "当时未监测",

  "depth.none": "未见访问",
  "depth.notification": "变更通知",
  "depth.open": "打开图库",
  "depth.metadata": "元数据",
  "depth.thumbnail": "缩略图",
  "depth.data": "图像数据",

  "row.notification": "变更通知",
  "row.open": "打开",
  "row.metadata": "元数据",
  "row.thumbnail": "缩略图",
  "row.data": "图像数据",
  "row.write": "写入",
  "row.picker": "显示照片选择器",
  "row.state": "应用状态",
  "row.network": "网络联系",

  "state.active": "前台",
  "state.inactive": "非活跃",
  "state.background": "后台",
  "state.mixed": "多种或未知",
  "state.unknown": "未知",

  "match.identifier": "按标识符",
  "match.time": "按时间（可能）",
  "match.none": "无",

  "flag.partly-observed": "部分受监测",
  "flag.lone-access": "单次访问",
  "flag.library-open": "打开图库",
  "flag.twin": "成对",
  "flag.finalised": "重启时结束",
  "flag.still-open": "尚未结束",
  "flag.begin-missing": "缺少开始",
  "flag.duplicate": "重复",
  "flag.ambiguous": "有歧义",

  "flagged.partly-observed": "该记录的时间只有一部分受到监测",
  "flagged.lone-access": "开头一次访问或短促的几次访问；其余时长是 Apple 的空闲计时器",
  "flagged.library-open": "因图库被打开而存在",
  "flagged.twin": "同一应用的另一条记录在两秒内开始",
  "flagged.finalised": "手机重启时写入，其结束时间没有意义",
  "flagged.still-open": "生成报告时尚未结束",
  "flagged.begin-missing": "报告中没有它的开始",
  "flagged.duplicate": "报告中出现不止一次",
  "flagged.ambiguous": "有事件同时靠近此记录与另一条记录，且没有标识符可以区分",

  "observed.found": "未看到：录制开始前已注册",
  "observed.seen": "仅从变更通知得知",
};
