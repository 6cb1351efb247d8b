// Links that open a place in the map programs of China; nothing is asked for until somebody clicks.
const MAP_LINKS = {
  amap: ([x, y], name) => `https://uri.amap.com/marker?position=${x},${y}&name=${name}&coordinate=gaode&callnative=1&src=servicenet`,
  baidu: ([x, y], name) => `https://api.map.baidu.com/marker?location=${y},${x}&title=${name}&content=${name}&coord_type=gcj02&output=html&src=servicenet`,
  tencent: ([x, y], name) => `https://apis.map.qq.com/uri/v1/marker?marker=coord:${y},${x};title:${name};addr:${name}&referer=servicenet`,
};

/** What encodeURIComponent leaves alone and others do not. */
const encodeName = (name) => encodeURIComponent([...name].slice(0, 60).join("")).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** A row of links; null where the maps have no place for it. */
function mapLinks(shifted, name) {
  if (!shifted) return null;
  const place = shifted.map((value) => value.toFixed(6));
  return h("span", { class: "map-links" }, ...Object.entries(MAP_LINKS).map(([service, link]) =>
    h("a", { class: "link", href: link(place, encodeName(name)), target: "_blank", rel: "noopener noreferrer" }, t(service))));
}
