/**
 * The points, drawn by WebGL 2: places and colours lie on the device. A picture is drawn some points at a time beside the
 * one that is on show, and takes its place when it is whole: without a graphics card 100,000 points take four frames or more.
 */
import type { Camera } from './camera';

const vertexShader = `#version 300 es
in vec2 place;
in vec4 colour;
uniform vec2 middle;
uniform vec2 scale;
uniform float size;
out vec4 shade;
void main() {
  gl_Position = vec4((place - middle) * scale, 0.0, 1.0);
  gl_PointSize = size;
  shade = colour;
}`;

/** Round, without blending: a hundred thousand points are drawn over each other often. */
const fragmentShader = `#version 300 es
precision mediump float;
in vec4 shade;
out vec4 drawn;
void main() {
  vec2 from = gl_PointCoord - 0.5;
  if (dot(from, from) > 0.25) discard;
  drawn = shade;
}`;

/** Points that are drawn in one frame: a software renderer has them in less than one. */
const pointsAtOnce = 12_500;

export class PointRenderer {
  private readonly places: WebGLBuffer;
  private readonly colours: WebGLBuffer;
  private readonly behind: WebGLFramebuffer;
  private readonly picture: WebGLRenderbuffer;
  private readonly uniforms: {
    readonly middle: WebGLUniformLocation | null;
    readonly scale: WebGLUniformLocation | null;
    readonly size: WebGLUniformLocation | null;
  };
  private count = 0;
  private drawn = 0;
  private held = { width: 0, height: 0 };

  private constructor(
    private readonly gl: WebGL2RenderingContext,
    program: WebGLProgram,
  ) {
    this.places = gl.createBuffer();
    this.colours = gl.createBuffer();
    this.behind = gl.createFramebuffer();
    this.picture = gl.createRenderbuffer();
    this.uniforms = {
      middle: gl.getUniformLocation(program, 'middle'),
      scale: gl.getUniformLocation(program, 'scale'),
      size: gl.getUniformLocation(program, 'size'),
    };
    gl.useProgram(program);
    this.bind(program, 'place', this.places, 2, gl.FLOAT);
    this.bind(program, 'colour', this.colours, 4, gl.UNSIGNED_BYTE);
  }

  /** undefined where the editor has no WebGL 2. */
  static on(canvas: HTMLCanvasElement): PointRenderer | undefined {
    // Kept from frame to frame: what is on show stays while the next picture is drawn behind it.
    const gl = canvas.getContext('webgl2', { antialias: false, depth: false, preserveDrawingBuffer: true });
    const program = gl && linked(gl);
    return gl && program ? new PointRenderer(gl, program) : undefined;
  }

  /** Device pixels that a picture may have along a side. */
  get longestSide(): number {
    const { gl } = this;
    return Number(gl.getParameter(gl.MAX_RENDERBUFFER_SIZE));
  }

  /** @param xy row-major points × 2; NaN is not drawn */
  setPlaces(xy: Float32Array): void {
    const { gl } = this;
    this.count = xy.length / 2;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    // What a shader does with NaN is not said: far away it is cut off.
    gl.bufferData(
      gl.ARRAY_BUFFER,
      xy.map((value) => (Number.isNaN(value) ? 1e9 : value)),
      gl.STATIC_DRAW,
    );
  }

  /** @param rgba four bytes for each point */
  setColours(rgba: Uint8Array): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.colours);
    gl.bufferData(gl.ARRAY_BUFFER, rgba, gl.STATIC_DRAW);
  }

  /** Begins a picture behind the one that is on show. @param ratio device pixels for each pixel of the page */
  begin({ x, y, scale }: Camera, { width, height }: HTMLCanvasElement, ratio: number, size: number): void {
    const { gl, uniforms } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.behind);
    if (this.held.width !== width || this.held.height !== height) {
      gl.bindRenderbuffer(gl.RENDERBUFFER, this.picture);
      gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, width, height);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, this.picture);
      this.held = { width, height };
    }
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(uniforms.middle, x, y);
    gl.uniform2f(uniforms.scale, (2 * scale * ratio) / width, (2 * scale * ratio) / height);
    gl.uniform1f(uniforms.size, size * ratio);
    this.drawn = 0;
  }

  /** Draws some more of it. @returns whether it is whole, and on show */
  goOn(): boolean {
    const { gl, held } = this;
    const some = Math.min(pointsAtOnce, this.count - this.drawn);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.behind);
    if (some > 0) gl.drawArrays(gl.POINTS, this.drawn, some);
    this.drawn += some;
    if (this.drawn < this.count) {
      gl.flush();
      return false;
    }
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    const { width, height } = held;
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    return true;
  }

  private bind(program: WebGLProgram, name: string, buffer: WebGLBuffer, size: number, type: number): void {
    const { gl } = this;
    const at = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, size, type, type === gl.UNSIGNED_BYTE, 0, 0);
  }
}

function linked(gl: WebGL2RenderingContext): WebGLProgram | undefined {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return undefined;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) === true ? program : undefined;
}
